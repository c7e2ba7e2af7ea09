package io.vitrine.storage.producer;

/**
 * What producer states need to know of a batch of data.
 *
 * @param firstSequence -1 when a coordinator wrote it
 */
public record ProducerBatch(
    long producerId,
    short epoch,
    int firstSequence,
    int lastSequence,
    long firstOffset,
    long lastOffset,
    long maxTimestampMs,
    boolean transactional) {

  BatchMetadata metadata() {
    return new BatchMetadata(
        lastSequence, lastOffset, (int) (lastOffset - firstOffset), maxTimestampMs);
  }
}
