package io.vitrine.console.live;

import java.util.Optional;

/** Tells the facts of the things it knows. Called on the JavaFX thread; reads the frame only. */
@FunctionalInterface
public interface FactsSource {
  /** The facts of this thing, empty when it is none of this source's or is gone. */
  Optional<Facts> facts(Selection.Item item, Frame frame);
}
