package io.vitrine.storage.log;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.index.CorruptIndexException;
import io.vitrine.storage.index.OffsetIndex;
import io.vitrine.storage.index.TimeIndex;
import io.vitrine.storage.index.TransactionIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * One {@code .log} file with its indexes.
 *
 * <p>Writes are guarded by the log's lock. Reads are lock-free: they see whole batches up to {@link
 * #sizeBytes()}, which is raised after the bytes are written.
 */
final class LogSegment {
  private final LogContext.Listener listener;
  private final FileAccess files;
  private final long baseOffset;
  private final int indexIntervalBytes;
  private final long rollJitterMs;
  private final InstantSource clock;
  private final LookupBuffers lookups;
  private final DecompressionBuffers decompression;
  private final SegmentFile file;
  private final AtomicBoolean held = new AtomicBoolean(true);
  private final OffsetIndex offsetIndex;
  private final TimeIndex timeIndex;
  private final TransactionIndex transactions;
  private Path path;
  private volatile int size;
  private volatile long maxTimestampMs = -1;
  private volatile long offsetOfMaxTimestamp = -1;
  private long createdMs;
  private long rollTimestampMs = -1;
  private int bytesSinceIndexEntry;

  /**
   * Opens the segment's files in a directory, making them when there are none.
   *
   * @param suffix after each file's name, empty for a segment in use
   */
  LogSegment(
      LogContext context, Path directory, long baseOffset, String suffix, LogSettings settings)
      throws IOException {
    this.listener = context.listener();
    this.files = context.files();
    this.lookups = context.lookups();
    this.decompression = context.decompression();
    this.baseOffset = baseOffset;
    this.indexIntervalBytes = settings.indexIntervalBytes();
    this.rollJitterMs = context.rollJitterMs(settings);
    this.clock = context.clock();
    this.createdMs = clock.millis();
    this.path = LogFiles.of(directory, baseOffset, LogFiles.LOG + suffix);
    boolean preallocated = settings.preallocate() && !files.exists(path);
    this.file = new SegmentFile(files.open(path));
    long length = file.stored().size();
    if (preallocated) {
      file.stored().resize(settings.segmentBytes());
    }
    if (length > Integer.MAX_VALUE) {
      file.release();
      throw new IOException(path + " is larger than a segment can be: " + length + " bytes");
    }
    this.size = (int) length;
    this.offsetIndex =
        new OffsetIndex(
            files,
            LogFiles.of(directory, baseOffset, LogFiles.INDEX + suffix),
            baseOffset,
            settings.segmentIndexBytes());
    this.timeIndex =
        new TimeIndex(
            files,
            LogFiles.of(directory, baseOffset, LogFiles.TIME_INDEX + suffix),
            baseOffset,
            settings.segmentIndexBytes());
    this.transactions =
        new TransactionIndex(
            files, LogFiles.of(directory, baseOffset, LogFiles.TXN_INDEX + suffix));
  }

  long baseOffset() {
    return baseOffset;
  }

  int sizeBytes() {
    return size;
  }

  /** Where an offset lies that is the next one of this segment. */
  LogOffsets.Position endAt(long nextOffset) {
    return new LogOffsets.Position(nextOffset, baseOffset, size);
  }

  OffsetIndex offsetIndex() {
    return offsetIndex;
  }

  TimeIndex timeIndex() {
    return timeIndex;
  }

  TransactionIndex transactions() {
    return transactions;
  }

  /** The largest timestamp of a record here, or the file's own time when there is none. */
  long largestTimestampMs() {
    if (maxTimestampMs >= 0) {
      return maxTimestampMs;
    }
    try {
      return files.lastModifiedMs(path);
    } catch (IOException e) {
      return createdMs;
    }
  }

  /** The largest timestamp of a record here, -1 when none is known. */
  long maxTimestampMs() {
    return maxTimestampMs;
  }

  /** Opens the indexes for appending. */
  void activate() throws IOException {
    offsetIndex.openActive();
    timeIndex.openActive();
  }

  /** Whether a batch of this size, last offset and timestamp needs a new segment before it. */
  boolean mustRollBefore(
      int bytes, long lastOffset, long timestampMs, long nowMs, LogSettings settings)
      throws IOException {
    return size > settings.segmentBytes() - bytes
        || (size > 0 && ageMs(timestampMs, nowMs) > settings.segmentMs() - rollJitterMs)
        || offsetIndex.full()
        || timeIndex.full()
        || SegmentSplit.tooFar(lastOffset, baseOffset);
  }

  /** Appends whole batches whose headers are given, in one write. */
  void append(ByteBuffer bytes, List<BatchHeader> batches) throws IOException {
    activate();
    int position = size;
    if (position == 0) {
      rollTimestampMs = batches.get(0).maxTimestampMs();
    }
    int length = bytes.remaining();
    file.stored().write(bytes, position);
    for (BatchHeader batch : batches) {
      noteBatch(batch, position);
      position += batch.sizeBytes();
    }
    size += length;
  }

  /**
   * Reads the file from the start, rebuilding the indexes, up to the first byte that is no sound
   * batch, and cuts it there. The segment is sealed by it.
   *
   * @param seen told of each batch and its position
   * @return bytes cut
   * @throws SegmentSplit.NeededException when it has to be split first; its indexes are undone
   * @throws IOException also when sound messages of magic 0 or 1 lie there; none is cut
   */
  long recover(BiConsumer<BatchHeader, Integer> seen) throws IOException {
    offsetIndex.reset();
    timeIndex.reset();
    transactions.reset();
    maxTimestampMs = -1;
    offsetOfMaxTimestamp = -1;
    bytesSinceIndexEntry = 0;
    long lowest = baseOffset;
    BatchScanner scanner = BatchScanner.sequential(file.stored(), baseOffset, 0, size);
    for (BatchHeader batch = scanner.peek(); batch != null; batch = scanner.peek()) {
      if (batch.baseOffset() < lowest || !scanner.checksumHolds(batch)) {
        break;
      }
      if (SegmentSplit.tooFar(batch.lastOffset(), baseOffset)) {
        SegmentSplit.require(files, path.getParent(), baseOffset, file.stored(), size);
        break;
      }
      noteBatch(batch, scanner.position());
      seen.accept(batch, scanner.position());
      scanner.skip(batch);
      lowest = batch.nextOffset();
    }
    requireNoOldMessage(scanner);
    long cut = size - scanner.position();
    if (cut > 0) {
      file.stored().resize(scanner.position());
      size = scanner.position();
    }
    bytesSinceIndexEntry = 0;
    seal();
    return cut;
  }

  /**
   * Looks whether the segment begins as one of a broker before 0.11, which would be passed over.
   *
   * @throws IOException when it does
   */
  void requireCurrentFormat() throws IOException {
    requireNoOldMessage(BatchScanner.sequential(file.stored(), baseOffset, 0, size));
  }

  private void requireNoOldMessage(BatchScanner scanner) throws IOException {
    if (scanner.atOldMessage()) {
      throw new IOException(
          path
              + " holds messages of magic 0 or 1 from byte "
              + scanner.position()
              + " on, which are not read here and not deleted either. A broker of Apache Kafka up"
              + " to 3.9 reads them: let it serve this log until they have expired");
    }
  }

  /** Learns what a sealed or cleanly closed segment's indexes tell, without a scan. */
  void trustIndexes() throws IOException {
    TimeIndex.Entry last = timeIndex.last();
    maxTimestampMs = last.timestampMs();
    offsetOfMaxTimestamp = last.timestampMs() < 0 ? -1 : last.offset();
  }

  /** Whether indexes of a segment with data are there at all and do not point beyond it. */
  boolean indexesSound() throws IOException {
    boolean present = files.exists(offsetIndex.path()) && files.exists(timeIndex.path());
    OffsetIndex.Entry last = offsetIndex.lookup(baseOffset + Integer.MAX_VALUE);
    return (present || size == 0) && last.position() <= size && transactionsSound();
  }

  private boolean transactionsSound() throws IOException {
    // An index of more entries than there can be markers is not even read.
    if (transactions.sizeBytes() > TransactionIndex.boundFor(size)) {
      return false;
    }
    try {
      return transactions.all().stream().allMatch(each -> each.lastOffset() >= baseOffset);
    } catch (CorruptIndexException e) {
      return false;
    }
  }

  /**
   * Walks the headers from a batch's position on.
   *
   * @return where it ended: the segment's end, or the first byte that is no batch of it
   */
  int forEachBatch(int position, BiConsumer<BatchHeader, Integer> seen) throws IOException {
    BatchScanner scanner = BatchScanner.sequential(file.stored(), baseOffset, position, size);
    for (BatchHeader batch = scanner.peek(); batch != null; batch = scanner.peek()) {
      seen.accept(batch, scanner.position());
      scanner.skip(batch);
    }
    return scanner.position();
  }

  /** The first offset after the last batch, or the base offset of an empty segment. */
  long nextOffset() throws IOException {
    return tail().nextOffset();
  }

  /**
   * What to append behind a segment that nobody recovered.
   *
   * @throws IOException when bytes lie there that are no batch
   */
  long soundNextOffset() throws IOException {
    Tail tail = tail();
    if (tail.position() < size) {
      throw new IOException(
          path
              + " was closed cleanly, but from byte "
              + tail.position()
              + " to its end at "
              + size
              + " holds no whole batch of it");
    }
    return tail.nextOffset();
  }

  /** Where the last batch ends. */
  private record Tail(long nextOffset, int position) {}

  private Tail tail() throws IOException {
    long[] next = {baseOffset};
    int from = offsetIndex.lookup(baseOffset + Integer.MAX_VALUE).position();
    int end = forEachBatch(from, (batch, at) -> next[0] = batch.nextOffset());
    return new Tail(next[0], end);
  }

  /**
   * Finds the first batch whose last offset is at or above an offset.
   *
   * @return where it begins and its size; null when there is none
   */
  BatchPosition find(long offset) throws IOException {
    int end = size;
    int from = offsetIndex.lookup(offset).position();
    if (from >= end) {
      return null;
    }
    BatchScanner scanner = new BatchScanner(file.stored(), baseOffset, from, end, lookups.buffer());
    for (BatchHeader batch = scanner.peek(); batch != null; batch = scanner.peek()) {
      if (batch.lastOffset() >= offset) {
        return new BatchPosition(
            scanner.position(), batch.sizeBytes(), batch.baseOffset(), batch.leaderEpoch());
      }
      scanner.skip(batch);
    }
    return null;
  }

  /** The offset of the first index entry beyond a number of bytes; -1 when there is none. */
  long offsetAfter(int position, int sizeBytes) {
    return offsetIndex.firstOffsetAt((long) position + sizeBytes);
  }

  /** A batch's place in the file. */
  record BatchPosition(int position, int sizeBytes, long baseOffset, int leaderEpoch) {}

  /** Promises bytes to a reader; null when the segment was closed meanwhile. */
  LogSlice slice(int position, int sizeBytes) {
    return file.retain() ? new LogSlice(file, position, sizeBytes) : null;
  }

  /**
   * Finds the first record at or after an offset with at least a timestamp.
   *
   * @return null when there is none
   */
  TimestampOffset findByTimestamp(long timestampMs, long fromOffset) throws IOException {
    long offset = Math.max(timeIndex.lookup(timestampMs).offset(), fromOffset);
    BatchScanner scanner =
        BatchScanner.sequential(
            file.stored(), baseOffset, offsetIndex.lookup(offset).position(), size);
    for (BatchHeader batch = scanner.peek(); batch != null; batch = scanner.peek()) {
      if (batch.maxTimestampMs() >= timestampMs && batch.lastOffset() >= fromOffset) {
        TimestampOffset found =
            firstRecord(
                batch,
                scanner.position(),
                record -> record.timestamp() >= timestampMs && record.offset() >= fromOffset);
        if (found != null) {
          return found;
        }
      }
      scanner.skip(batch);
    }
    return null;
  }

  /**
   * Finds the first record with the largest timestamp.
   *
   * @return null when there is none
   */
  TimestampOffset findNewest() throws IOException {
    long newest = maxTimestampMs;
    BatchScanner scanner =
        BatchScanner.sequential(
            file.stored(), baseOffset, offsetIndex.lookup(offsetOfMaxTimestamp).position(), size);
    for (BatchHeader batch = scanner.peek(); batch != null; batch = scanner.peek()) {
      if (batch.maxTimestampMs() == newest) {
        return firstRecord(batch, scanner.position(), record -> record.timestamp() == newest);
      }
      scanner.skip(batch);
    }
    return null;
  }

  /** Cuts everything at or above an offset. */
  void truncateTo(long offset) throws IOException {
    BatchPosition found = find(offset);
    offsetIndex.truncateTo(offset);
    timeIndex.truncateTo(offset);
    transactions.truncateTo(offset);
    if (found != null) {
      file.stored().resize(found.position());
      size = found.position();
    }
    if (size == 0) {
      createdMs = clock.millis();
      rollTimestampMs = -1;
    }
    bytesSinceIndexEntry = 0;
    if (maxTimestampMs >= 0) {
      TimeIndex.Entry last = timeIndex.last();
      maxTimestampMs = last.timestampMs();
      offsetOfMaxTimestamp = last.offset();
      forEachBatch(offsetIndex.lookup(last.offset()).position(), this::noteTimestamp);
    }
  }

  /** Adds the closing time entry and trims the indexes: the segment gets no more bytes. */
  void seal() throws IOException {
    if (maxTimestampMs >= 0) {
      timeIndex.maybeAppend(maxTimestampMs, offsetOfMaxTimestamp, true);
    }
    offsetIndex.seal();
    timeIndex.seal();
    transactions.close();
    if (file.stored().size() > size) {
      file.stored().resize(size);
    }
  }

  /** Forces the segment and its indexes to the device. */
  void flush() throws IOException {
    if (!file.retain()) {
      return;
    }
    try {
      listener.flush(this::sync);
    } finally {
      file.release();
    }
  }

  private void sync() throws IOException {
    file.stored().sync();
    transactions.flush();
    syncIndexes();
  }

  /** Guarded against renames, since flushes of sealed segments do not hold the log's lock. */
  private synchronized void syncIndexes() throws IOException {
    offsetIndex.sync();
    timeIndex.sync();
  }

  void close() throws IOException {
    seal();
    transactions.flush();
    syncIndexes();
    letGo();
  }

  /** Lets go of the files as a crash would. */
  void abandon() throws IOException {
    offsetIndex.abandon();
    timeIndex.abandon();
    transactions.close();
    letGo();
  }

  /** Renames the files out of the way; whoever reads them may finish. */
  List<Path> markDeleted() throws IOException {
    offsetIndex.abandon();
    timeIndex.abandon();
    transactions.close();
    try {
      return rename(LogFiles.DELETED);
    } finally {
      letGo();
    }
  }

  /** Gives up the segment's own hold of its file; once, whatever failed before. */
  private void letGo() {
    if (held.compareAndSet(true, false)) {
      file.release();
    }
  }

  /**
   * Renames the files that are there: the log first, then its indexes.
   *
   * @param suffix after each name, empty for a segment in use
   * @return what they are called now
   */
  synchronized List<Path> rename(String suffix) throws IOException {
    List<Path> renamed = new ArrayList<>();
    path = renamed(path, LogFiles.LOG, suffix, renamed);
    offsetIndex.movedTo(renamed(offsetIndex.path(), LogFiles.INDEX, suffix, renamed));
    timeIndex.movedTo(renamed(timeIndex.path(), LogFiles.TIME_INDEX, suffix, renamed));
    transactions.movedTo(renamed(transactions.path(), LogFiles.TXN_INDEX, suffix, renamed));
    return renamed;
  }

  private Path renamed(Path from, String kind, String suffix, List<Path> done) throws IOException {
    Path to = LogFiles.of(from.getParent(), baseOffset, kind + suffix);
    if (files.exists(from)) {
      files.rename(from, to);
      done.add(to);
    }
    return to;
  }

  /** Follows a rename of the directory. */
  synchronized void movedTo(Path directory) {
    path = LogFiles.of(directory, baseOffset, LogFiles.LOG);
    offsetIndex.movedTo(LogFiles.of(directory, baseOffset, LogFiles.INDEX));
    timeIndex.movedTo(LogFiles.of(directory, baseOffset, LogFiles.TIME_INDEX));
    transactions.movedTo(LogFiles.of(directory, baseOffset, LogFiles.TXN_INDEX));
  }

  /** Deletes the files of a segment nobody else knows of. */
  void delete() throws IOException {
    for (Path each : markDeleted()) {
      files.delete(each);
    }
  }

  /** Reads from a position until the buffer is full or the segment ends. */
  int read(ByteBuffer target, int position) throws IOException {
    if (!file.retain()) {
      throw new IOException(path + " was closed meanwhile");
    }
    try {
      target.limit(Math.min(target.limit(), target.position() + Math.max(0, size - position)));
      return file.stored().read(target, position);
    } finally {
      file.release();
    }
  }

  long lastModifiedMs() throws IOException {
    return files.lastModifiedMs(path);
  }

  void setLastModifiedMs(long ms) throws IOException {
    files.setLastModifiedMs(path, ms);
  }

  /**
   * The largest timestamp of the first batch; {@link Long#MAX_VALUE} when there is none, or the
   * segment was deleted meanwhile.
   */
  long firstBatchTimestampMs() throws IOException {
    if (size == 0 || !file.retain()) {
      return Long.MAX_VALUE;
    }
    try {
      return rollTimestampMs();
    } finally {
      file.release();
    }
  }

  private void noteBatch(BatchHeader batch, int position) throws IOException {
    noteTimestamp(batch, position);
    if (bytesSinceIndexEntry > indexIntervalBytes && !offsetIndex.full() && !timeIndex.full()) {
      offsetIndex.append(batch.lastOffset(), position);
      timeIndex.maybeAppend(maxTimestampMs, offsetOfMaxTimestamp, false);
      bytesSinceIndexEntry = 0;
    }
    bytesSinceIndexEntry += batch.sizeBytes();
  }

  private void noteTimestamp(BatchHeader batch, int position) {
    if (batch.maxTimestampMs() > maxTimestampMs) {
      maxTimestampMs = batch.maxTimestampMs();
      offsetOfMaxTimestamp = batch.lastOffset();
    }
  }

  private long ageMs(long timestampMs, long nowMs) throws IOException {
    long first = rollTimestampMs();
    return first >= 0 ? timestampMs - first : nowMs - createdMs;
  }

  private long rollTimestampMs() throws IOException {
    if (rollTimestampMs < 0 && size > 0) {
      BatchHeader first = BatchScanner.sequential(file.stored(), baseOffset, 0, size).peek();
      rollTimestampMs = first == null ? -1 : first.maxTimestampMs();
    }
    return rollTimestampMs;
  }

  private TimestampOffset firstRecord(BatchHeader batch, int position, Predicate<Record> wanted)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(batch.sizeBytes());
    file.stored().read(bytes, position);
    RecordBatch whole = MemoryRecords.readableRecords(bytes.flip()).batches().iterator().next();
    whole.ensureValid();
    BufferSupplier buffers = decompression.take();
    try (CloseableIterator<Record> records = BoundedRecords.of(whole, buffers)) {
      while (records.hasNext()) {
        Record record = records.next();
        if (wanted.test(record)) {
          return new TimestampOffset(
              record.timestamp(),
              record.offset(),
              batch.leaderEpoch() < 0 ? OptionalInt.empty() : OptionalInt.of(batch.leaderEpoch()));
        }
      }
      return null;
    } finally {
      decompression.giveBack(buffers);
    }
  }
}
