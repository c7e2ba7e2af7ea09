package io.vitrine.storage.producer;

/**
 * What is remembered of a producer's batch, to recognise it when it is sent again.
 *
 * @param offsetDelta last offset minus first offset
 */
public record BatchMetadata(int lastSequence, long lastOffset, int offsetDelta, long timestampMs) {

  /** Sequence of the first record; sequences wrap from the largest int to 0. */
  public int firstSequence() {
    return (int) (((long) lastSequence - offsetDelta) & 0x7fffffffL);
  }

  public long firstOffset() {
    return lastOffset - offsetDelta;
  }
}
