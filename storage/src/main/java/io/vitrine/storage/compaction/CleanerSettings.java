package io.vitrine.storage.compaction;

/**
 * A broker's settings as far as compaction is concerned; Kafka's names are {@code log.cleaner.…}.
 *
 * @param enabled {@code log.cleaner.enable}
 * @param dedupeBufferBytes {@code dedupe.buffer.size}: bounds the keys of one pass, 24 bytes each,
 *     over all threads. Memory is taken as keys come, not beforehand.
 * @param ioBufferBytes {@code io.buffer.size}, over all threads
 * @param loadFactor {@code io.buffer.load.factor}: how full the offset map may get
 * @param maxMessageBytes {@code message.max.bytes}: how far an I/O buffer may grow
 * @param maxBytesPerSecond {@code io.max.bytes.per.second}: reading and writing together
 */
public record CleanerSettings(
    boolean enabled,
    int threads,
    long dedupeBufferBytes,
    int ioBufferBytes,
    double loadFactor,
    int maxMessageBytes,
    double maxBytesPerSecond,
    long backoffMs) {

  /** The least a buffer has, whatever the settings say: room for the header of a batch. */
  private static final int LEAST_BUFFER_BYTES = 512;

  /** Kafka's defaults. */
  public static CleanerSettings defaults() {
    return new CleanerSettings(
        true, 1, 128 << 20, 512 << 10, 0.9, 1_048_588, Double.MAX_VALUE, 15_000);
  }

  /** Keys one thread may remember in one pass; at least one, so that every pass gets on. */
  int keysPerPass() {
    long slots = Math.min(dedupeBufferBytes / threads, Integer.MAX_VALUE) / OffsetMap.SLOT_BYTES;
    return (int) Math.max(1, Math.min(slots, slots * loadFactor));
  }

  /** Bytes of a thread's read buffer, and of its write buffer. */
  int bufferBytes() {
    return Math.max(LEAST_BUFFER_BYTES, ioBufferBytes / threads / 2);
  }
}
