package io.vitrine.cluster.data;

/**
 * What is to be written.
 *
 * @param acks when a record counts as written
 */
public record SendOrder(String topic, Acks acks, RecordSource.Opener records) {
  public SendOrder {
    if (topic.isEmpty()) {
      throw new IllegalArgumentException("no topic");
    }
  }

  /** The producer's {@code acks}. */
  public enum Acks {
    /** All replicas in sync have it; the producer is idempotent. */
    ALL("all"),
    /** The leader has it. */
    LEADER("1"),
    /** It left the machine; nobody knows more. */
    NONE("0");

    private final String setting;

    Acks(String setting) {
      this.setting = setting;
    }

    /** As in a producer's settings. */
    public String setting() {
      return setting;
    }
  }
}
