package io.vitrine.console.data;

import io.vitrine.cluster.data.DataAccess;
import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.DataTask;
import io.vitrine.cluster.data.ReadProgress;
import io.vitrine.cluster.data.ReadQuery;
import io.vitrine.cluster.data.RecordTexts;
import io.vitrine.console.data.Kept.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * One reading at a time and what is kept of it. Needs no toolkit.
 *
 * <p>Records are decoded and kept on the reading's thread, under one lock; the screen takes what is
 * there whenever it draws, so that the fastest reading costs it a copy of a list. Everything else
 * belongs to the JavaFX thread.
 */
final class ReadModel {
  /** Most rows kept. */
  static final int MOST_RECORDS = 5_000;

  /** Most memory that rows hold, in bytes, about. */
  static final long MOST_BYTES = 48L * 1024 * 1024;

  private final DataAccess data;
  private final Executor screen;
  private final Runnable ended;
  private Reading reading;

  /**
   * @param screen runs things on the JavaFX thread
   * @param ended told when a reading has ended
   */
  ReadModel(DataAccess data, Executor screen, Runnable ended) {
    this.data = data;
    this.screen = screen;
    this.ended = ended;
  }

  /**
   * What is there now.
   *
   * @param version grows with every change of the rows
   */
  record Page(List<RecordRow> rows, Counts counts, ReadProgress progress, long version) {
    static final Page EMPTY = new Page(List.of(), Counts.NONE, ReadProgress.opening(), -1);
  }

  /** One reading. Its lock guards what two threads share; the task is the JavaFX thread's. */
  private final class Reading {
    private final Object lock = new Object();
    private final ReadQuery query;
    private final Kept kept;
    private DataTask task;
    private RecordTexts texts;
    private ReadProgress progress = ReadProgress.opening();
    private long version;
    private Page page = Page.EMPTY;

    /** Of the reading's thread alone. */
    private long came;

    Reading(ReadQuery query, RecordTexts texts, boolean compacts) {
      this.query = query;
      this.texts = texts;
      this.kept = new Kept(MOST_RECORDS, MOST_BYTES, compacts);
    }

    void take(List<DataRecord> records, ReadProgress now) {
      RecordTexts by;
      synchronized (lock) {
        by = texts;
      }
      // Decoding takes its time; the screen must not wait for it.
      List<RecordRow> rows = new ArrayList<>();
      for (DataRecord record : records) {
        rows.add(RecordRow.of(record, came++, by));
      }
      synchronized (lock) {
        rows.forEach(kept::add);
        progress = now;
        version += rows.isEmpty() ? 0 : 1;
      }
      if (now.state().ended()) {
        screen.execute(ended);
      }
    }

    void show(RecordTexts by) {
      List<RecordRow> before;
      synchronized (lock) {
        texts = by;
        before = kept.rows();
      }
      for (RecordRow row : before) {
        RecordRow after = row.in(by);
        synchronized (lock) {
          if (texts != by) {
            return; // somebody wants it in yet another way
          }
          kept.replace(after);
        }
      }
      synchronized (lock) {
        version++;
      }
    }

    Page page() {
      synchronized (lock) {
        if (page.version() != version) {
          page = new Page(List.copyOf(kept.rows()), kept.counts(), progress, version);
        } else if (!page.progress().equals(progress)) {
          page = new Page(page.rows(), page.counts(), progress, version);
        }
        return page;
      }
    }
  }

  /** Ends what is read now and begins something else. */
  void begin(ReadQuery query, RecordTexts texts, boolean compacts) {
    stop();
    Reading next = new Reading(query, texts, compacts);
    reading = next;
    next.task = data.read(query, next::take);
  }

  /** Ends the reading; what was read stays. */
  void stop() {
    if (running()) {
      reading.task.stop();
    }
  }

  /**
   * Decodes everything kept anew, and what comes from now on.
   *
   * @return the work, to be done off the JavaFX thread
   */
  Runnable decoding(RecordTexts texts) {
    Reading now = reading;
    return now == null ? () -> {} : () -> now.show(texts);
  }

  /** Whether something comes yet. */
  boolean running() {
    return reading != null && !page().progress().state().ended();
  }

  /** What is read or was read last. */
  Optional<ReadQuery> query() {
    return Optional.ofNullable(reading).map(each -> each.query);
  }

  Page page() {
    return reading == null ? Page.EMPTY : reading.page();
  }
}
