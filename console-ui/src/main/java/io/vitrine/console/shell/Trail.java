package io.vitrine.console.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The places the operator has been to, with back and forward as in a browser.
 *
 * <p>Showing other views makes a new place and forgets what lay ahead; choosing something changes
 * the place one is at, so that going back finds what was chosen there. Keeps the newest {@value
 * #MOST} places. JavaFX thread only; needs no toolkit.
 */
public final class Trail {
  static final int MOST = 100;

  private final List<Place> places = new ArrayList<>();
  private int at;

  Trail(Place first) {
    places.add(first);
  }

  /** The present place. */
  Place here() {
    return places.get(at);
  }

  /** Goes on to a place, or changes the present one when the same views are shown. */
  void go(Place next) {
    if (next.looksLike(here())) {
      places.set(at, next);
      return;
    }
    places.subList(at + 1, places.size()).clear();
    places.add(next);
    if (places.size() > MOST) {
      places.remove(0);
    }
    at = places.size() - 1;
  }

  /** Changes the present place. */
  void amend(UnaryOperator<Place> change) {
    places.set(at, change.apply(here()));
  }

  boolean canGoBack() {
    return at > 0;
  }

  boolean canGoForward() {
    return at < places.size() - 1;
  }

  /** The place before, now the present one. */
  Optional<Place> back() {
    if (!canGoBack()) {
      return Optional.empty();
    }
    at--;
    return Optional.of(here());
  }

  /** The place after, now the present one. */
  Optional<Place> forward() {
    if (!canGoForward()) {
      return Optional.empty();
    }
    at++;
    return Optional.of(here());
  }
}
