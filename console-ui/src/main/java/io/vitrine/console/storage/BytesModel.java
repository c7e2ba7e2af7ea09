package io.vitrine.console.storage;

import io.vitrine.console.live.Work;
import io.vitrine.storage.inspect.BatchView;
import io.vitrine.storage.inspect.Damage;
import io.vitrine.storage.inspect.Field;
import io.vitrine.storage.inspect.IndexEntry;
import io.vitrine.storage.inspect.Inspection;
import io.vitrine.storage.inspect.RecordView;
import io.vitrine.storage.inspect.SegmentPages;
import io.vitrine.storage.inspect.SegmentView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * One segment's batches, bytes and indexes, and what of them is chosen: the same in all three.
 * However large the segment, a few pages of each are held. Needs no toolkit; belongs to the JavaFX
 * thread and reads files off it.
 */
final class BytesModel {
  private static final int PAGE = 100;
  private static final int MOST_BATCHES = 2_000;
  private static final int CHUNK = 4_096;
  private static final int MOST_CHUNKS = 256;
  private static final int MOST_RECORDED = 64;

  /** Hears what changed. */
  interface Listener {
    /** Another segment, or its log cannot be read. */
    void opened();

    /** Other batches are held. */
    void paged();

    /** The records of a batch are there. */
    void recorded(BatchView batch);

    /** Something else is chosen. */
    void chosen();

    /** The index is there. */
    void indexed();

    /** Bytes are there. */
    void loaded();

    /** The segment was checked. */
    void checked();
  }

  private final Work work;
  private final Listener listener;
  private final Map<Long, List<RecordView>> records = bounded(MOST_RECORDED);
  private final Map<Long, byte[]> chunks = bounded(MOST_CHUNKS);
  private final Set<Long> asked = new HashSet<>();
  private SegmentView segment;
  private String topic = "";
  private List<BatchView> batches = List.of();
  private long sizeBytes;
  private boolean more;
  private Optional<Damage> stopped = Optional.empty();
  private Map<IndexEntry.Kind, List<IndexEntry>> index = Map.of();
  private List<Damage> damages;
  private boolean checking;
  private Part chosen;

  /** The byte to choose the piece of as soon as its records are read, -1 none. */
  private long wish = -1;

  private String trouble = "";

  BytesModel(Work work, Listener listener) {
    this.work = work;
    this.listener = listener;
  }

  // ---- what there is ---------------------------------------------------------------------------

  Optional<SegmentView> segment() {
    return Optional.ofNullable(segment);
  }

  /** The batches that are held, in the order of the log. */
  List<BatchView> batches() {
    return batches;
  }

  boolean moreBefore() {
    return !batches.isEmpty() && batches.get(0).position() > 0;
  }

  boolean moreBehind() {
    return more;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** What stops the structure before the end of the log. */
  Optional<Damage> stopped() {
    return stopped;
  }

  /** What a check found; null before one. */
  List<Damage> damages() {
    return damages;
  }

  boolean checking() {
    return checking;
  }

  Optional<Part> chosen() {
    return Optional.ofNullable(chosen);
  }

  /** Why the log cannot be read, empty when it can. */
  String trouble() {
    return trouble;
  }

  /** The records of a batch; empty while they are read, which this call begins. */
  Optional<List<RecordView>> records(BatchView batch) {
    List<RecordView> known = records.get(batch.position());
    if (known == null) {
      SegmentView from = segment;
      String of = topic;
      work.begin(
          "records " + batch.position(),
          () -> SegmentPages.records(from, batch, of),
          read -> {
            if (from.log().equals(segment.log())) {
              records.put(batch.position(), read);
              listener.recorded(batch);
              grant(batch);
            }
          },
          reason -> {
            if (from.log().equals(segment.log())) {
              records.put(batch.position(), List.of());
              listener.recorded(batch);
            }
          });
      known = records.get(batch.position());
    }
    return Optional.ofNullable(known);
  }

  /** The byte there; -1 while it is read, which this call begins. */
  int at(long position) {
    long number = position / CHUNK;
    byte[] chunk = chunks.get(number);
    if (chunk == null && segment != null && asked.add(number)) {
      Path log = segment.log();
      work.begin(
          "bytes " + number,
          () -> SegmentPages.bytes(log, number * CHUNK, CHUNK),
          read -> {
            asked.remove(number);
            if (log.equals(segment.log())) {
              chunks.put(number, read);
              listener.loaded();
            }
          },
          reason -> asked.remove(number));
      chunk = chunks.get(number);
    }
    int at = (int) (position % CHUNK);
    return chunk == null || at >= chunk.length ? -1 : chunk[at] & 0xff;
  }

  /** The entry of an index that leads to what is chosen, -1 none. */
  int entryOfChosen(IndexEntry.Kind kind) {
    if (chosen == null || chosen.from() < 0) {
      return -1;
    }
    Optional<BatchView> batch = holding(chosen.from());
    if (batch.isEmpty()) {
      return -1;
    }
    int best = -1;
    List<IndexEntry> entries = entries(kind);
    for (int i = 0; i < entries.size(); i++) {
      if (kind == IndexEntry.Kind.OFFSET
          ? entries.get(i).position() <= batch.get().position()
          : entries.get(i).offset() <= batch.get().header().lastOffset()) {
        best = i;
      }
    }
    return best;
  }

  /** The entries of an index: the same list until the index is read again. */
  List<IndexEntry> entries(IndexEntry.Kind kind) {
    return index.getOrDefault(kind, List.of());
  }

  // ---- what the operator does ------------------------------------------------------------------

  /** Looks at a segment, or sees that it has grown. */
  void show(SegmentView next, String ofTopic) {
    if (segment != null && segment.log().equals(next.log())) {
      if (next.sizeBytes() > sizeBytes) {
        grow(next);
      }
      return;
    }
    segment = next;
    topic = ofTopic;
    batches = List.of();
    sizeBytes = next.sizeBytes();
    more = false;
    stopped = Optional.empty();
    index = Map.of();
    damages = null;
    checking = false;
    chosen = null;
    wish = -1;
    trouble = "";
    records.clear();
    chunks.clear();
    asked.clear();
    work.forget("check");
    listener.opened();
    page(() -> SegmentPages.from(next, 0, PAGE), -1);
    readIndex();
  }

  private void grow(SegmentView next) {
    long last = sizeBytes / CHUNK;
    segment = next;
    chunks.remove(last);
    sizeBytes = next.sizeBytes();
    if (stopped.isPresent() || batches.isEmpty()) {
      // The walk may have met a batch that was half written.
      long from = batches.isEmpty() ? 0 : batches.get(batches.size() - 1).end();
      append(from);
    } else {
      more = true;
      listener.paged();
    }
    readIndex();
  }

  /** Holds the batches before those that are held, too. */
  void earlier() {
    if (moreBefore()) {
      SegmentView of = segment;
      long before = batches.get(0).position();
      work.begin(
          "page",
          () -> SegmentPages.around(of, before - 1, PAGE),
          page -> {
            List<BatchView> all =
                new ArrayList<>(
                    page.batches().stream().filter(b -> b.position() < before).toList());
            all.addAll(batches);
            if (all.size() > MOST_BATCHES) {
              all = all.subList(0, MOST_BATCHES);
              more = true;
              stopped = Optional.empty();
            }
            batches = List.copyOf(all);
            listener.paged();
          },
          this::failed);
    }
  }

  /** Holds the batches behind those that are held, too. */
  void later() {
    if (more) {
      append(batches.isEmpty() ? 0 : batches.get(batches.size() - 1).end());
    }
  }

  private void append(long from) {
    SegmentView of = segment;
    work.begin(
        "page",
        () -> SegmentPages.from(of, from, PAGE),
        page -> {
          List<BatchView> all = new ArrayList<>(batches);
          all.addAll(page.batches());
          batches = List.copyOf(all.subList(Math.max(0, all.size() - MOST_BATCHES), all.size()));
          take(page);
          listener.paged();
        },
        this::failed);
  }

  /** Chooses the smallest piece that holds a byte. */
  void choose(long position) {
    wish = -1;
    if (holding(position).isEmpty() && position < sizeBytes) {
      SegmentView of = segment;
      page(() -> SegmentPages.around(of, position, PAGE), position);
    } else {
      settle(position);
    }
  }

  /** Chooses a piece. */
  void choose(Part part) {
    wish = -1;
    chosen = part;
    listener.chosen();
  }

  /** Chooses what an index entry points to. */
  void choose(IndexEntry entry) {
    if (entry.position() >= 0) {
      choose(entry.position());
    } else {
      chooseOffset(entry.offset());
    }
  }

  /** Chooses the batch that holds an offset. */
  void chooseOffset(long offset) {
    SegmentView of = segment;
    work.begin(
        "offset",
        () -> SegmentPages.position(of, offset),
        (OptionalLong found) -> found.ifPresent(this::choose),
        this::failed);
  }

  /** Checks every byte of the segment and its indexes. */
  void check() {
    SegmentView of = segment;
    checking = true;
    listener.checked();
    work.begin(
        "check",
        () -> Inspection.check(of),
        found -> {
          checking = false;
          damages = found;
          listener.checked();
          found.stream()
              .filter(d -> d.file().equals(of.log()))
              .findFirst()
              .ifPresent(d -> choose(d.position()));
        },
        reason -> {
          checking = false;
          failed(reason);
        });
  }

  // ---- reading ---------------------------------------------------------------------------------

  private void page(Callable<SegmentPages.Page> read, long choose) {
    work.begin(
        "page",
        read,
        page -> {
          batches = page.batches();
          take(page);
          listener.paged();
          if (choose >= 0) {
            settle(choose);
          }
        },
        this::failed);
  }

  private void take(SegmentPages.Page page) {
    sizeBytes = Math.max(sizeBytes, page.sizeBytes());
    more = page.more();
    stopped = page.damage();
  }

  private void readIndex() {
    SegmentView of = segment;
    work.begin(
        "index",
        () ->
            Inspection.index(of).stream()
                .collect(Collectors.groupingBy(IndexEntry::kind, Collectors.toUnmodifiableList())),
        read -> {
          index = read;
          listener.indexed();
        },
        this::failed);
  }

  private void failed(String reason) {
    trouble = reason;
    listener.opened();
  }

  private Optional<BatchView> holding(long position) {
    return batches.stream().filter(b -> b.position() <= position && position < b.end()).findFirst();
  }

  private void settle(long position) {
    Optional<BatchView> batch = holding(position);
    if (batch.isEmpty()) {
      stopped.ifPresent(d -> choose(new Part.Broken(d.position(), d.reason())));
      return;
    }
    chosen = smallest(batch.get(), position);
    listener.chosen();
  }

  private void grant(BatchView batch) {
    if (wish >= batch.position() && wish < batch.end()) {
      long position = wish;
      wish = -1;
      settle(position);
    }
  }

  private Part smallest(BatchView batch, long position) {
    for (Field field : batch.fields()) {
      if (field.from() <= position && position < field.to()) {
        return position == batch.position() ? new Part.Batch(batch) : Part.value(batch, field);
      }
    }
    if (Part.compressed(batch)) {
      return new Part.Batch(batch);
    }
    // When the records are not read yet, what is chosen grows smaller as soon as they are.
    List<RecordView> known = records(batch).orElse(null);
    if (known == null) {
      wish = position;
      return new Part.Batch(batch);
    }
    for (RecordView record : known) {
      Part.Entry entry = Part.entry(batch, record);
      for (Field field : record.fields()) {
        if (field.from() <= position && position < field.to()) {
          return Part.value(entry, field);
        }
      }
    }
    return new Part.Batch(batch);
  }

  private static <V> Map<Long, V> bounded(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
        return size() > most;
      }
    };
  }
}
