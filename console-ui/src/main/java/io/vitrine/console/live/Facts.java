package io.vitrine.console.live;

import io.vitrine.cluster.ClusterCommand;
import java.util.List;

/**
 * What the inspector says of the selected thing.
 *
 * @param rule the rule behind its state with the numbers filled in, may be empty
 */
public record Facts(
    String title, String subtitle, List<Fact> facts, List<Action> actions, String rule) {
  public Facts {
    facts = List.copyOf(facts);
    actions = List.copyOf(actions);
  }

  /** How a value is meant. */
  public enum Tone {
    PLAIN,
    OK,
    WARN,
    BAD,
    /** Known once, not now. */
    IDLE
  }

  /** A line: what, and how much. */
  public record Fact(String label, String value, Tone tone) {
    /** A plain line. */
    public Fact(String label, String value) {
      this(label, value, Tone.PLAIN);
    }
  }

  /** What can be done with the selected thing. */
  public sealed interface Action {
    /** What the button says. */
    String text();
  }

  /** Hands a command to the desk. */
  public record Command(String text, ClusterCommand command) implements Action {}

  /** Does something on the screen. */
  public record Step(String text, Runnable run) implements Action {}
}
