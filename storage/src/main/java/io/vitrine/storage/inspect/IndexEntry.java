package io.vitrine.storage.inspect;

/**
 * An entry of one of a segment's indexes.
 *
 * @param at its first byte in the index file
 * @param key an offset, a timestamp, or a producer id
 * @param offset the last offset of what it points to
 * @param position of the batch it points to in the log, -1 when it points to an offset only
 * @param points in words, what it points to
 */
public record IndexEntry(Kind kind, long at, long key, long offset, long position, String points) {

  /** Which index. */
  public enum Kind {
    OFFSET(".index", IndexReader.OFFSET_ENTRY),
    TIME(".timeindex", IndexReader.TIME_ENTRY),
    TRANSACTION(".txnindex", IndexReader.TRANSACTION_ENTRY);

    private final String ending;
    private final int bytes;

    Kind(String ending, int bytes) {
      this.ending = ending;
      this.bytes = bytes;
    }

    /** How the name of its file ends. */
    public String ending() {
      return ending;
    }

    /** The bytes of one entry. */
    public int bytes() {
      return bytes;
    }
  }
}
