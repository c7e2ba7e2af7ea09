package io.vitrine.console.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;

/**
 * A table of rows that have a key. Rows keep their places while what they say changes, so that
 * nothing moves under the pointer; they are sorted anew only when the operator asks, and what comes
 * comes at the end. JavaFX thread only.
 *
 * @param <R> a row, compared by {@code equals}
 */
public final class RowTable<R> extends TableView<R> {
  private static final double ROW = 30;

  private final Function<R, Object> key;
  private List<R> rows = List.of();
  private boolean updating;
  private boolean newestFirst;

  /**
   * An empty table.
   *
   * @param key what a row is, whatever it says
   * @param chosen hears of the row the operator chooses
   */
  public RowTable(String id, String accessibleText, Function<R, Object> key, Consumer<R> chosen) {
    this.key = key;
    setId(id);
    setAccessibleText(accessibleText);
    setFixedCellSize(ROW);
    setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    setSortPolicy(
        view -> {
          if (getComparator() != null) {
            rows = rows.stream().sorted(getComparator()).toList();
            put();
          }
          return true;
        });
    getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (o, before, row) -> {
              if (row != null && !updating) {
                chosen.accept(row);
              }
            });
  }

  /**
   * Makes it a record of what happened: rows stand in the order given, unless the operator sorts
   * them, and none comes while the pointer is over the table.
   */
  public RowTable<R> newestFirst() {
    newestFirst = true;
    return this;
  }

  /** What stands in the table's place while it has no rows. */
  public void placeholder(String text) {
    if (!(getPlaceholder() instanceof Label old) || !old.getText().equals(text)) {
      Label label = new Label(text);
      label.setWrapText(true);
      label.getStyleClass().add("muted");
      setPlaceholder(label);
    }
  }

  /** Adds a column of text. */
  public void text(
      String id,
      String title,
      double width,
      boolean right,
      Comparator<R> order,
      BiConsumer<Label, R> fill) {
    column(
        id,
        title,
        width,
        right,
        order,
        Label::new,
        (label, row) -> {
          label.getStyleClass().setAll("label");
          fill.accept(label, row);
        });
  }

  /**
   * Adds a column of any nodes.
   *
   * @param make an empty node for a cell
   * @param fill makes it say what the row says
   */
  public <N extends Node> void column(
      String id,
      String title,
      double width,
      boolean right,
      Comparator<R> order,
      Supplier<N> make,
      BiConsumer<N, R> fill) {
    TableColumn<R, R> column = new TableColumn<>(title);
    column.setId(id);
    column.setCellValueFactory(f -> new ReadOnlyObjectWrapper<>(f.getValue()));
    column.setCellFactory(c -> new Cell<>(make.get(), right, fill));
    column.setComparator(order);
    column.setPrefWidth(width);
    column.setMinWidth(Math.min(width, 48));
    if (right) {
      column.getStyleClass().add("right");
    }
    getColumns().add(column);
  }

  /**
   * Shows these rows: known ones in their places, new ones after them in the order given; or as
   * {@link #newestFirst} says.
   */
  public void show(List<R> now) {
    if (newestFirst) {
      showAsRecord(now);
      return;
    }
    Map<Object, R> byKey = new HashMap<>();
    now.forEach(row -> byKey.put(key.apply(row), row));
    List<R> next = new ArrayList<>();
    for (R before : rows) {
      R row = byKey.remove(key.apply(before));
      if (row != null) {
        next.add(row);
      }
    }
    now.stream().filter(row -> byKey.containsKey(key.apply(row))).forEach(next::add);
    rows = next;
    put();
  }

  /** Rows as they come; under the pointer only what known ones say changes. */
  private void showAsRecord(List<R> now) {
    if (isHover() && !rows.isEmpty()) {
      Map<Object, R> byKey = new HashMap<>();
      now.forEach(row -> byKey.put(key.apply(row), row));
      rows = rows.stream().map(row -> byKey.getOrDefault(key.apply(row), row)).toList();
    } else {
      rows = getComparator() == null ? now : now.stream().sorted(getComparator()).toList();
    }
    put();
  }

  /** Marks the row with this key as chosen, or none. */
  public void choose(Object chosen) {
    int index = keys(getItems()).indexOf(chosen);
    updating = true;
    try {
      if (index < 0) {
        getSelectionModel().clearSelection();
      } else if (!getSelectionModel().isSelected(index)) {
        getSelectionModel().select(index);
      }
    } finally {
      updating = false;
    }
  }

  private void put() {
    R selected = getSelectionModel().getSelectedItem();
    Object chosen = selected == null ? null : key.apply(selected);
    updating = true;
    try {
      if (keys(getItems()).equals(keys(rows))) {
        for (int i = 0; i < rows.size(); i++) {
          if (!rows.get(i).equals(getItems().get(i))) {
            getItems().set(i, rows.get(i));
          }
        }
      } else {
        getItems().setAll(rows);
      }
    } finally {
      updating = false;
    }
    choose(chosen);
  }

  private List<Object> keys(List<R> of) {
    return of.stream().map(key).toList();
  }

  /** A cell with one node it keeps. */
  private static final class Cell<R, N extends Node> extends TableCell<R, R> {
    private final N node;
    private final BiConsumer<N, R> fill;

    Cell(N node, boolean right, BiConsumer<N, R> fill) {
      this.node = node;
      this.fill = fill;
      if (right) {
        getStyleClass().add("right");
      }
    }

    @Override
    protected void updateItem(R row, boolean empty) {
      super.updateItem(row, empty);
      if (empty || row == null) {
        setGraphic(null);
      } else {
        fill.accept(node, row);
        setGraphic(node);
      }
    }
  }
}
