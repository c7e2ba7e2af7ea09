package io.vitrine.console.control;

import java.util.List;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** A search field over everything that can be done. JavaFX thread only. */
public final class CommandPalette extends VBox {
  /** Something that can be done. */
  public record Entry(String text, String keys, Runnable run) {}

  private final TextField field = new TextField();
  private final ListView<Entry> list = new ListView<>();
  private final List<Entry> entries;
  private final Runnable close;

  /**
   * A palette of these entries.
   *
   * @param close closes the palette; called before an entry is run
   */
  public CommandPalette(List<Entry> entries, String prompt, String nothing, Runnable close) {
    this.entries = List.copyOf(entries);
    this.close = close;
    getStyleClass().add("palette");
    field.setPromptText(prompt);
    field.setId("palette-field");
    list.setId("palette-list");
    list.setPlaceholder(new Label(nothing));
    list.setCellFactory(view -> new EntryCell());
    list.setOnMouseClicked(e -> runSelected());
    VBox.setVgrow(list, Priority.ALWAYS);
    getChildren().addAll(field, list);
    field.textProperty().addListener((o, before, after) -> filter(after));
    // A filter, since the field and the list both have their own use for these keys.
    addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    filter("");
  }

  /** Where typing begins. */
  public Node field() {
    return field;
  }

  private void key(KeyEvent event) {
    if (event.getCode() == KeyCode.ENTER) {
      runSelected();
      event.consume();
    } else if (event.getCode() == KeyCode.DOWN || event.getCode() == KeyCode.UP) {
      int step = event.getCode() == KeyCode.DOWN ? 1 : -1;
      int next = list.getSelectionModel().getSelectedIndex() + step;
      int index = Math.max(0, Math.min(list.getItems().size() - 1, next));
      list.getSelectionModel().select(index);
      list.scrollTo(index);
      event.consume();
    }
  }

  private void filter(String typed) {
    String[] words = typed.toLowerCase(Locale.ROOT).trim().split("\\s+");
    list.getItems()
        .setAll(
            entries.stream()
                .filter(e -> List.of(words).stream().allMatch(fold(e.text())::contains))
                .toList());
    list.getSelectionModel().select(0);
  }

  private static String fold(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private void runSelected() {
    Entry entry = list.getSelectionModel().getSelectedItem();
    if (entry != null) {
      close.run();
      entry.run().run();
    }
  }

  private static final class EntryCell extends ListCell<Entry> {
    private final Label text = new Label();
    private final Label keys = new Label();
    private final HBox row;

    EntryCell() {
      Region gap = new Region();
      HBox.setHgrow(gap, Priority.ALWAYS);
      keys.getStyleClass().add("caption");
      row = new HBox(12, text, gap, keys);
    }

    @Override
    protected void updateItem(Entry entry, boolean empty) {
      super.updateItem(entry, empty);
      if (empty || entry == null) {
        setGraphic(null);
      } else {
        text.setText(entry.text());
        keys.setText(entry.keys());
        setGraphic(row);
      }
    }
  }
}
