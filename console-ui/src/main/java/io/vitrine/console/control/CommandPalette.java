package io.vitrine.console.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * A search field over everything that can be done or looked up. JavaFX thread only.
 *
 * <p>What is called as typed comes first, then what has a word that begins so, then what has it
 * anywhere, then what tells of it; within each, the order given.
 */
public final class CommandPalette extends VBox {
  /**
   * Something that can be done or looked up.
   *
   * @param kind a word for its kind, such as "Broker"
   * @param text what it is called
   * @param detail a few words more, searched too; may be empty
   * @param keys the keys that do the same, may be empty
   * @param whenTyped whether it is listed only once something was typed
   */
  public record Entry(
      String kind, String text, String detail, String keys, boolean whenTyped, Runnable run) {}

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
    setAccessibleRole(AccessibleRole.DIALOG);
    setAccessibleText(prompt);
    field.setPromptText(prompt);
    field.setAccessibleText(prompt);
    field.setId("palette-field");
    list.setId("palette-list");
    list.setAccessibleText(prompt);
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
    switch (event.getCode()) {
      case ENTER -> runSelected();
      case DOWN -> step(1);
      case UP -> step(-1);
      case PAGE_DOWN -> step(8);
      case PAGE_UP -> step(-8);
      default -> {
        return;
      }
    }
    event.consume();
  }

  private void step(int by) {
    int next = list.getSelectionModel().getSelectedIndex() + by;
    int index = Math.max(0, Math.min(list.getItems().size() - 1, next));
    list.getSelectionModel().select(index);
    list.scrollTo(index);
  }

  private void filter(String typed) {
    list.getItems().setAll(found(entries, typed));
    list.getSelectionModel().select(0);
    list.scrollTo(0);
  }

  /** The entries for what was typed, the best first. Needs no toolkit. */
  static List<Entry> found(List<Entry> entries, String typed) {
    String asked = fold(typed.trim());
    if (asked.isEmpty()) {
      return entries.stream().filter(e -> !e.whenTyped()).toList();
    }
    record Ranked(int rank, Entry entry) {}
    List<Ranked> found = new ArrayList<>();
    for (Entry entry : entries) {
      rank(entry, asked).ifPresent(rank -> found.add(new Ranked(rank, entry)));
    }
    // A stable sort: within a rank the order stays.
    found.sort(Comparator.comparingInt(Ranked::rank));
    return found.stream().map(Ranked::entry).toList();
  }

  private static OptionalInt rank(Entry entry, String asked) {
    String text = fold(entry.text());
    if (text.startsWith(asked)) {
      return OptionalInt.of(0);
    }
    if (text.contains(" " + asked) || text.contains("." + asked)) {
      return OptionalInt.of(1);
    }
    List<String> words = List.of(asked.split("\\s+"));
    if (words.stream().allMatch(text::contains)) {
      return OptionalInt.of(2);
    }
    String all = text + ' ' + fold(entry.detail()) + ' ' + fold(entry.kind());
    return words.stream().allMatch(all::contains) ? OptionalInt.of(3) : OptionalInt.empty();
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
    private static final double ROW_INSETS = 28;

    private final Label kind = new Label();
    private final Label text = new Label();
    private final Label detail = new Label();
    private final Label keys = new Label();
    private final HBox row;

    EntryCell() {
      kind.getStyleClass().addAll("caption", "palette-kind");
      detail.getStyleClass().add("caption");
      detail.setMinWidth(0);
      HBox.setHgrow(detail, Priority.ALWAYS);
      detail.setMaxWidth(Double.MAX_VALUE);
      text.setMinWidth(Region.USE_PREF_SIZE);
      keys.getStyleClass().addAll("caption", "keycap");
      keys.setMinWidth(Region.USE_PREF_SIZE);
      row = new HBox(10, kind, text, detail, keys);
      row.getStyleClass().add("palette-row");
      // As wide as the list: what does not fit is cut, never scrolled to.
      setPrefWidth(0);
      row.setMinWidth(0);
      row.prefWidthProperty().bind(widthProperty().subtract(ROW_INSETS));
    }

    @Override
    protected void updateItem(Entry entry, boolean empty) {
      super.updateItem(entry, empty);
      if (empty || entry == null) {
        setGraphic(null);
      } else {
        kind.setText(entry.kind());
        text.setText(entry.text());
        detail.setText(entry.detail());
        keys.setText(entry.keys());
        keys.setVisible(!entry.keys().isEmpty());
        keys.setManaged(!entry.keys().isEmpty());
        setGraphic(row);
      }
    }
  }
}
