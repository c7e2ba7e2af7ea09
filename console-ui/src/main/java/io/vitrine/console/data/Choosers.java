package io.vitrine.console.data;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javafx.scene.control.ComboBox;
import javafx.util.StringConverter;

/** Combo boxes of this view. JavaFX thread only. */
final class Choosers {
  private Choosers() {}

  /** A box of these, the first chosen. */
  static <T> ComboBox<T> of(
      String id, String accessibleText, double width, List<T> items, Function<T, String> words) {
    ComboBox<T> box = new ComboBox<>();
    box.setId(id);
    box.setAccessibleText(accessibleText);
    box.setPrefWidth(width);
    box.setMinWidth(Math.min(width, 80));
    box.getStyleClass().add("compact");
    box.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(T item) {
            return item == null ? "" : words.apply(item);
          }

          @Override
          public T fromString(String text) {
            throw new UnsupportedOperationException("nothing is typed here");
          }
        });
    box.getItems().setAll(items);
    if (!items.isEmpty()) {
      box.setValue(items.get(0));
    }
    return box;
  }

  /** Other things to choose from; what was chosen stays if it is among them. */
  static <T> void offer(ComboBox<T> box, List<T> items) {
    if (!box.getItems().equals(items)) {
      T chosen = box.getValue();
      box.getItems().setAll(items);
      box.setValue(items.contains(chosen) ? chosen : items.isEmpty() ? null : items.get(0));
    } else if (box.getValue() == null && !items.isEmpty()) {
      box.setValue(items.get(0));
    }
  }

  /** Whether the box has this to choose, which it then does. */
  static <T> boolean choose(ComboBox<T> box, T item) {
    boolean has = box.getItems().contains(item);
    if (has && !Objects.equals(box.getValue(), item)) {
      box.setValue(item);
    }
    return has;
  }
}
