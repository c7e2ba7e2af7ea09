package io.vitrine.console.live;

import java.util.List;
import java.util.Optional;
import javafx.scene.Node;

/**
 * One view of the cluster. JavaFX thread only.
 *
 * <p>A screen is made for one language and one theme and thrown away when either changes.
 */
public interface Screen {
  /**
   * A key that does something on one screen, for the list of all keys.
   *
   * @param keys as printed on it, such as {@code Ctrl+G}
   * @param does in the screen's language
   */
  record Key(String keys, String does) {}

  /** What is shown in the centre of the window, the same node every time. */
  Node node();

  /** Draws this frame; called once a pulse while the screen is in the window. */
  void show(Frame frame);

  /** Puts the focus into the filter, when the screen has one. */
  default void focusFilter() {}

  /** The rule behind what is shown, with its numbers filled in; empty when there is none. */
  default Optional<String> explain() {
    return Optional.empty();
  }

  /** Asks where to go and goes there; does nothing on a screen without offsets. */
  default void goTo() {}

  /** The keys that do something on this screen alone. */
  default List<Key> keys() {
    return List.of();
  }

  /**
   * Whether it shows, at least in part, what is there now even while the window shows a moment of
   * the past: files, znodes, records are not kept.
   */
  default boolean showsThePresent() {
    return false;
  }

  /** The screen is thrown away: what it began ends. */
  default void close() {}
}
