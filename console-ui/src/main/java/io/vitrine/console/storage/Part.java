package io.vitrine.console.storage;

import io.vitrine.storage.inspect.BatchView;
import io.vitrine.storage.inspect.Field;
import io.vitrine.storage.inspect.RecordView;

/** A piece of a segment as the structure shows it. */
sealed interface Part {
  /** First byte in the log, -1 none. */
  long from();

  /** The byte after the last one. */
  long to();

  /** A batch. */
  record Batch(BatchView batch) implements Part {
    @Override
    public long from() {
      return batch.position();
    }

    @Override
    public long to() {
      return batch.end();
    }
  }

  /** The 61 bytes before a batch's records. */
  record Header(BatchView batch) implements Part {
    @Override
    public long from() {
      return batch.position();
    }

    @Override
    public long to() {
      return batch.fields().get(batch.fields().size() - 1).to();
    }
  }

  /**
   * A field, of the header or of a record.
   *
   * @param from in the log: where records are compressed, all of them together
   */
  record Value(BatchView batch, Field field, long from, long to) implements Part {}

  /** A record; {@code from} as for its fields. */
  record Entry(BatchView batch, RecordView record, long from, long to) implements Part {}

  /** There is more on this side. */
  record More(boolean before) implements Part {
    @Override
    public long from() {
      return -1;
    }

    @Override
    public long to() {
      return -1;
    }
  }

  /** Records are being read. */
  record Waiting(BatchView batch) implements Part {
    @Override
    public long from() {
      return -1;
    }

    @Override
    public long to() {
      return -1;
    }
  }

  /** The bytes are none of Kafka's from here on. */
  record Broken(long from, String reason) implements Part {
    @Override
    public long to() {
      return from + 1;
    }
  }

  /** Whether the bytes of a batch's records stand compressed in the log. */
  static boolean compressed(BatchView batch) {
    return (batch.header().attributes() & 0x07) != 0;
  }

  /** A record as a part. */
  static Entry entry(BatchView batch, RecordView record) {
    long header = batch.fields().get(batch.fields().size() - 1).to();
    if (compressed(batch) || record.fields().isEmpty()) {
      return new Entry(batch, record, header, batch.end());
    }
    return new Entry(
        batch,
        record,
        record.fields().get(0).from(),
        record.fields().get(record.fields().size() - 1).to());
  }

  /** A field of a record as a part. */
  static Value value(Entry entry, Field field) {
    return compressed(entry.batch())
        ? new Value(entry.batch(), field, entry.from(), entry.to())
        : new Value(entry.batch(), field, field.from(), field.to());
  }

  /** A field of a header as a part. */
  static Value value(BatchView batch, Field field) {
    return new Value(batch, field, field.from(), field.to());
  }
}
