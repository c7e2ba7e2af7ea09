package io.vitrine.cluster.data;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/** Where records to be written come from; opened once, on the sending's thread. */
public interface RecordSource extends AutoCloseable {
  /**
   * The next record.
   *
   * @return null when there is no more
   * @throws IOException saying what cannot be read, and where
   */
  NewRecord next() throws IOException;

  @Override
  void close() throws IOException;

  /** Opens a source. */
  @FunctionalInterface
  interface Opener {
    /**
     * @throws IOException saying what cannot be read
     */
    RecordSource open() throws IOException;
  }

  /** These records. */
  static Opener of(List<NewRecord> records) {
    Iterator<NewRecord> each = List.copyOf(records).iterator();
    return () -> numbered(each::hasNext, number -> each.next());
  }

  /**
   * So many records.
   *
   * @param make makes the record of a number, counted from 0
   */
  static Opener of(long count, LongFunction<NewRecord> make) {
    return () -> {
      long[] made = {0};
      return numbered(() -> made[0]++ < count, make);
    };
  }

  private static RecordSource numbered(BooleanSupplier more, LongFunction<NewRecord> make) {
    return new RecordSource() {
      private long number;

      @Override
      public NewRecord next() {
        return more.getAsBoolean() ? make.apply(number++) : null;
      }

      @Override
      public void close() {}
    };
  }
}
