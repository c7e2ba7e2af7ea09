package io.vitrine.console.data;

import io.vitrine.cluster.data.DataRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The rows kept of a reading, bounded in number and bytes: the newest, or the newest of each key.
 * Its owner guards it.
 */
final class Kept {
  private final int mostRows;
  private final long mostBytes;
  private final boolean compacts;

  /** By record, or by partition and key; in the order they came. */
  private final LinkedHashMap<Object, RecordRow> rows = new LinkedHashMap<>();

  private long bytes;
  private long forgotten;
  private long superseded;
  private long keyless;
  private long tombstones;

  /**
   * @param compacts whether a row takes the place of an older one with its key
   */
  Kept(int mostRows, long mostBytes, boolean compacts) {
    this.mostRows = mostRows;
    this.mostBytes = mostBytes;
    this.compacts = compacts;
  }

  /** A key within its partition. */
  private static final class Key {
    private final int partition;
    private final byte[] bytes;

    Key(DataRecord record) {
      partition = record.partition().partition();
      bytes = record.key();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && key.partition == partition
          && Arrays.equals(key.bytes, bytes);
    }

    @Override
    public int hashCode() {
      return 31 * partition + Arrays.hashCode(bytes);
    }
  }

  void add(RecordRow row) {
    DataRecord record = row.record();
    if (compacts && record.key() == null) {
      keyless++;
      return;
    }
    Object key = compacts ? new Key(record) : record;
    RecordRow older = rows.remove(key);
    if (older != null) {
      superseded++;
      gone(older);
    }
    rows.put(key, row);
    bytes += record.heldBytes();
    tombstones += record.tombstone() ? 1 : 0;
    while (rows.size() > 1 && (rows.size() > mostRows || bytes > mostBytes)) {
      RecordRow oldest = rows.values().iterator().next();
      rows.remove(compacts ? new Key(oldest.record()) : oldest.record());
      gone(oldest);
      forgotten++;
    }
  }

  /** The same record in other words, if it is still kept. */
  void replace(RecordRow row) {
    rows.computeIfPresent(
        compacts ? new Key(row.record()) : row.record(),
        (key, before) -> before.record() == row.record() ? row : before);
  }

  private void gone(RecordRow row) {
    bytes -= row.record().heldBytes();
    tombstones -= row.record().tombstone() ? 1 : 0;
  }

  List<RecordRow> rows() {
    return new ArrayList<>(rows.values());
  }

  /** What is to be known of them. */
  Counts counts() {
    return new Counts(rows.size(), forgotten, superseded, keyless, tombstones);
  }

  /**
   * @param kept rows
   * @param forgotten rows given up for newer ones, since there were too many
   * @param superseded records a newer one with their key has taken the place of
   * @param keyless records that compaction could not place
   * @param tombstones among the rows kept
   */
  record Counts(int kept, long forgotten, long superseded, long keyless, long tombstones) {
    static final Counts NONE = new Counts(0, 0, 0, 0, 0);
  }
}
