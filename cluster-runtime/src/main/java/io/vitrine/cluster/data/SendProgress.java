package io.vitrine.cluster.data;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a sending has come.
 *
 * @param sent handed to the producer
 * @param acknowledged counted as written
 * @param refused given up
 * @param newest the last few that were answered, oldest first
 * @param reason why the last one was refused or the sending failed, else empty
 */
public record SendProgress(
    State state,
    long sent,
    long acknowledged,
    long refused,
    List<Answer> newest,
    long elapsedMs,
    String reason) {
  public SendProgress {
    newest = List.copyOf(newest);
  }

  /** What it is at. */
  public enum State {
    RUNNING,
    /** Ended: everything was answered. */
    COMPLETE,
    /** Ended because somebody stopped it; what was sent is written or was given up. */
    STOPPED,
    /** Ended because it could not go on. */
    FAILED;

    /** Whether nothing comes any more. */
    public boolean ended() {
      return this != RUNNING;
    }
  }

  /**
   * Where a record went.
   *
   * @param offset -1 when nobody tells, as with acks=0
   * @param tookMs from the producer's {@code send} to the answer
   */
  public record Answer(TopicPartition partition, long offset, long tookMs) {}

  /** Nothing was sent yet. */
  public static SendProgress nothing() {
    return new SendProgress(State.RUNNING, 0, 0, 0, List.of(), 0, "");
  }
}
