package io.vitrine.storage.compaction;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The newest offset of each key, keys being known by their MD5.
 *
 * <p>Open addressing with linear probing over 24-byte slots: 16 bytes of hash, 8 of offset plus
 * one, so that zero is empty. Takes memory as it fills, up to twice what the keys need. Two keys of
 * one hash count as one, as in Kafka. Not thread-safe.
 */
final class OffsetMap {
  /** Bytes a key takes, by which Kafka counts. */
  static final int SLOT_BYTES = 24;

  private static final int LONGS = 3;
  private static final int FIRST_SLOTS = 1 << 10;

  private final MessageDigest digest;
  private final byte[] hash = new byte[16];
  private final ByteBuffer hashBytes = ByteBuffer.wrap(hash).order(ByteOrder.nativeOrder());
  private final int maxKeys;
  private long[] table = new long[FIRST_SLOTS * LONGS];
  private int keys;
  private long latestOffset = -1;

  /**
   * @param maxKeys how many keys it takes
   */
  OffsetMap(int maxKeys) {
    if (maxKeys < 1) {
      throw new IllegalArgumentException(
          "log.cleaner.dedupe.buffer.size is too small for even one key: make it larger, or"
              + " log.cleaner.threads smaller");
    }
    this.maxKeys = maxKeys;
    try {
      this.digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  boolean full() {
    return keys >= maxKeys;
  }

  int size() {
    return keys;
  }

  /** How full it is, between 0 and 1. */
  double utilization() {
    return (double) keys / maxKeys;
  }

  /** The last offset that was taken into account. */
  long latestOffset() {
    return latestOffset;
  }

  void latestOffset(long offset) {
    latestOffset = offset;
  }

  /** Remembers that a key's newest record has an offset; must not be {@link #full()}. */
  void put(ByteBuffer key, long offset) {
    int slot = find(key);
    if (table[slot + 2] == 0) {
      table[slot] = hashBytes.getLong(0);
      table[slot + 1] = hashBytes.getLong(8);
      keys++;
    }
    table[slot + 2] = offset + 1;
    latestOffset = offset;
    if (keys * 2 * LONGS > table.length && table.length <= Integer.MAX_VALUE / 4) {
      grow();
    }
  }

  /** The newest offset of a key, -1 when it is not known. */
  long get(ByteBuffer key) {
    return table[find(key) + 2] - 1;
  }

  /** Forgets everything and gives back the memory. */
  void clear() {
    table = new long[FIRST_SLOTS * LONGS];
    keys = 0;
    latestOffset = -1;
  }

  /** The slot of a key, or the empty one where it would be. */
  private int find(ByteBuffer key) {
    digest.update(key.duplicate());
    try {
      digest.digest(hash, 0, hash.length);
    } catch (DigestException e) {
      throw new IllegalStateException("an MD5 has 16 bytes", e);
    }
    return find(hashBytes.getLong(0), hashBytes.getLong(8));
  }

  private int find(long high, long low) {
    int slots = table.length / LONGS;
    int slot = (int) (high & slots - 1);
    while (true) {
      int at = slot * LONGS;
      if (table[at + 2] == 0 || (table[at] == high && table[at + 1] == low)) {
        return at;
      }
      slot = slot + 1 & slots - 1;
    }
  }

  private void grow() {
    long[] before = table;
    table = new long[before.length * 2];
    for (int at = 0; at < before.length; at += LONGS) {
      if (before[at + 2] != 0) {
        int to = find(before[at], before[at + 1]);
        System.arraycopy(before, at, table, to, LONGS);
      }
    }
  }
}
