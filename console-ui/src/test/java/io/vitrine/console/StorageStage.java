package io.vitrine.console;

import io.vitrine.console.live.Selection;
import io.vitrine.console.testing.SampleLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;

/** Brings the Storage view to what its pictures show. JavaFX thread only. */
final class StorageStage {
  private static final Path LOGS = Path.of("target/sample/kafka-logs");

  private final ConsoleFixture console;

  private StorageStage(ConsoleFixture console) {
    this.console = console;
  }

  private static StorageStage on(ConsoleFixture console, String partition, String look) {
    try {
      SampleLogs.write(LOGS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    StorageStage stage = new StorageStage(console);
    stage.layout();
    console.selection.choose(new Selection.Folder(LOGS));
    stage.layout();
    stage.enter(partition, look);
    return stage;
  }

  /** The key of a record chosen in tree, bytes and index. */
  @SuppressWarnings("unchecked")
  static void bytes(ConsoleFixture console) {
    StorageStage stage = on(console, "orders-0", "bytes");
    TreeView<Object> tree = (TreeView<Object>) stage.node("#storage-tree");
    TreeItem<Object> batch = tree.getRoot().getChildren().get(1);
    batch.setExpanded(true);
    stage.layout();
    batch.getChildren().get(2).setExpanded(true);
    tree.getSelectionModel().select(tree.getRow(batch) + 9);
  }

  /** An offset that was found. */
  static void find(ConsoleFixture console) {
    StorageStage stage = on(console, "orders-0", "find");
    ((TextField) stage.node("#storage-find")).setText("4711");
    stage.fire("#storage-find-go");
  }

  /** A retention that is tried. */
  static void retention(ConsoleFixture console) {
    StorageStage stage = on(console, "orders-0", "retention");
    ((TextField) stage.node("#storage-retention-ms")).setText("345600000");
  }

  /** What a pass of the cleaner would do. */
  static void compaction(ConsoleFixture console) {
    on(console, "profiles-0", "compaction");
  }

  /** A damaged byte that was found. */
  static void damage(ConsoleFixture console) {
    on(console, "broken-0", "bytes").fire("#storage-check");
  }

  private void enter(String partition, String look) {
    ((TextField) node("#storage-filter")).setText(partition);
    TableView<?> table = (TableView<?>) node("#storage-partitions");
    table.getSelectionModel().select(0);
    Event.fireEvent(
        table,
        new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.ENTER, false, false, false, false));
    layout();
    fire("#storage-look-" + look);
    layout();
  }

  private void fire(String query) {
    ((ButtonBase) node(query)).fire();
  }

  private Node node(String query) {
    return console.scene.lookup(query);
  }

  private void layout() {
    console.scene.getRoot().applyCss();
    console.scene.getRoot().layout();
  }
}
