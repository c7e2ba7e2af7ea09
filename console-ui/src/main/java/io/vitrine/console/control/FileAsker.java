package io.vitrine.console.control;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import javafx.stage.FileChooser;
import javafx.stage.Window;

/** Asks the operator for files. Called on the JavaFX thread. */
public interface FileAsker {
  /** A file to write into, empty when the operator thinks better of it. */
  Optional<Path> toSave(String title, String suggestedName, Window over);

  /** A file to read. */
  Optional<Path> toOpen(String title, Window over);

  /** Asks with the desktop's own dialogs. */
  static FileAsker dialogs() {
    return new FileAsker() {
      @Override
      public Optional<Path> toSave(String title, String suggestedName, Window over) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        chooser.setInitialFileName(suggestedName);
        return Optional.ofNullable(chooser.showSaveDialog(over)).map(File::toPath);
      }

      @Override
      public Optional<Path> toOpen(String title, Window over) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle(title);
        return Optional.ofNullable(chooser.showOpenDialog(over)).map(File::toPath);
      }
    };
  }
}
