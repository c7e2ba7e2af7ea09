package io.vitrine.console.shell;

import io.vitrine.console.live.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the operator is: one view, or two side by side, and what is chosen. Needs no toolkit.
 *
 * @param views the names of one or two views, left to right, never the same twice
 * @param active which of them takes the keys and the next view
 * @param item what is chosen
 */
record Place(List<String> views, int active, Selection.Item item) {
  Place {
    views = List.copyOf(views);
    if (views.isEmpty()
        || views.size() > 2
        || views.stream().distinct().count() < views.size()
        || active < 0
        || active >= views.size()) {
      throw new IllegalArgumentException("no place: " + views + ", active " + active);
    }
  }

  /** The view that takes the keys. */
  String view() {
    return views.get(active);
  }

  /** The view beside it. */
  Optional<String> other() {
    return split() ? Optional.of(views.get(1 - active)) : Optional.empty();
  }

  /** Whether two views are side by side. */
  boolean split() {
    return views.size() == 2;
  }

  /** A view in the active pane; one that is on the screen already becomes the active one. */
  Place open(String view) {
    if (views.contains(view)) {
      return activate(views.indexOf(view));
    }
    List<String> next = new ArrayList<>(views);
    next.set(active, view);
    return new Place(next, active, item);
  }

  /** A view beside the active one; one that is on the screen already becomes the active one. */
  Place beside(String view) {
    if (views.contains(view)) {
      return activate(views.indexOf(view));
    }
    return split()
        ? activate(1 - active).open(view)
        : new Place(List.of(views.get(0), view), 1, item);
  }

  /** The other pane takes the keys, when there is one. */
  Place activate(int pane) {
    return pane < views.size() ? new Place(views, pane, item) : this;
  }

  /** Without this pane; the last one stays. */
  Place close(int pane) {
    return split() ? new Place(List.of(views.get(1 - pane)), 0, item) : this;
  }

  /** With something else chosen. */
  Place choose(Selection.Item chosen) {
    return new Place(views, active, chosen);
  }

  /** Whether the same views are shown in the same places, whatever is chosen or active. */
  boolean looksLike(Place that) {
    return views.equals(that.views);
  }
}
