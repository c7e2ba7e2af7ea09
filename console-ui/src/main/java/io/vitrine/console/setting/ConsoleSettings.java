package io.vitrine.console.setting;

import java.util.Locale;

/**
 * How somebody wants the console. Immutable.
 *
 * @param language English or Korean
 * @param motion whether streams may move
 * @param invitation whether the console proposes a first experiment
 */
public record ConsoleSettings(Locale language, Dress dress, boolean motion, boolean invitation) {
  /** Which theme. */
  public enum Dress {
    /** As the desktop, where that can be known. */
    SYSTEM,
    LIGHT,
    DARK
  }

  /** In another language. */
  public ConsoleSettings speaking(Locale other) {
    return new ConsoleSettings(other, dress, motion, invitation);
  }

  /** In another theme. */
  public ConsoleSettings wearing(Dress other) {
    return new ConsoleSettings(language, other, motion, invitation);
  }

  /** With or without motion. */
  public ConsoleSettings moving(boolean may) {
    return new ConsoleSettings(language, dress, may, invitation);
  }

  /** With or without the proposal. */
  public ConsoleSettings inviting(boolean may) {
    return new ConsoleSettings(language, dress, motion, may);
  }
}
