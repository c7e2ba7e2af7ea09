package io.vitrine.storage.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.file.RealFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.storage.internals.log.TimestampOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** M61: the time index answers as Apache Kafka 3.9.2's own, and leaves the same bytes. */
class TimeIndexTest {
  private static final int MAX_BYTES = 1_200;

  @TempDir private Path directory;
  private long base;
  private TimeIndex ours;
  private org.apache.kafka.storage.internals.log.TimeIndex kafka;

  private void open(long baseOffset, int maxBytes) throws IOException {
    base = baseOffset;
    ours = new TimeIndex(new RealFiles(), directory.resolve("ours.timeindex"), base, maxBytes);
    ours.openActive();
    kafka =
        new org.apache.kafka.storage.internals.log.TimeIndex(
            directory.resolve("theirs.timeindex").toFile(), base, maxBytes);
  }

  @AfterEach
  void close() throws IOException {
    ours.close();
    kafka.close();
    assertThat(directory.resolve("ours.timeindex"))
        .hasSameBinaryContentAs(directory.resolve("theirs.timeindex"));
  }

  private void append(long timestampMs, long offset) throws IOException {
    ours.maybeAppend(timestampMs, offset, false);
    kafka.maybeAppend(timestampMs, offset);
  }

  /** Timestamps that rise or stand still. */
  private List<Long> fill(long seed, int count) throws IOException {
    Random random = new Random(seed);
    List<Long> timestamps = new ArrayList<>();
    long timestamp = 1_000;
    long offset = base;
    for (int i = 0; i < count; i++) {
      timestamp += random.nextInt(4) == 0 ? 0 : random.nextInt(100_000);
      offset += random.nextInt(50);
      append(timestamp, offset);
      timestamps.add(timestamp);
    }
    return timestamps;
  }

  private void sameLookups(List<Long> timestamps) {
    TreeSet<Long> asked = new TreeSet<>(List.of(-1L, 0L, 999L, Long.MAX_VALUE));
    timestamps.forEach(each -> asked.addAll(List.of(each - 1, each, each + 1)));
    for (long timestamp : asked) {
      assertThat(ours.lookup(timestamp))
          .as("lookup of " + timestamp)
          .isEqualTo(entry(kafka.lookup(timestamp)));
    }
    assertThat(ours.last()).isEqualTo(entry(kafka.lastEntry()));
    assertThat(ours.entries()).isEqualTo(kafka.entries());
    assertThat(ours.full()).isEqualTo(kafka.isFull());
  }

  private static TimeIndex.Entry entry(TimestampOffset theirs) {
    return new TimeIndex.Entry(theirs.timestamp, theirs.offset);
  }

  @ParameterizedTest(name = "base {0}, {1} appends")
  @CsvSource({"0,0", "0,1", "0,2", "7,3", "1000,50", "0,95", "1099511627776,90"})
  void looksUpTheLastEntryAtOrBelow(long baseOffset, int count) throws IOException {
    open(baseOffset, MAX_BYTES);
    sameLookups(fill(count, count));
  }

  @ParameterizedTest(name = "{0} appends, cut at offset {1}")
  @CsvSource({"0,0", "1,0", "1,1000", "20,0", "20,100", "20,250", "20,400", "90,1000"})
  void cutsWhatPointsAtOrAboveAnOffset(int count, long offset) throws IOException {
    open(100, MAX_BYTES);
    List<Long> timestamps = fill(count, count);
    ours.truncateTo(base + offset);
    kafka.truncateTo(base + offset);
    sameLookups(timestamps);
    append(99_000_000, base + 1_000_000);
    sameLookups(List.of(99_000_000L));
  }

  @ParameterizedTest(name = "{0} bytes, full after {1} entries")
  @CsvSource({"24,1", "30,1", "36,2", "100,7"})
  void keepsTheLastPlaceForTheClosingEntry(int maxBytes, int entries) throws IOException {
    open(0, maxBytes);
    for (int i = 1; i <= entries; i++) {
      assertThat(ours.full()).isFalse();
      append(i, i);
      sameLookups(List.of((long) i));
    }
    assertThat(ours.full()).isTrue();
    ours.maybeAppend(entries + 1, entries + 1, true);
    kafka.maybeAppend(entries + 1, entries + 1, true);
    sameLookups(List.of((long) entries));
    // No room for yet another, which is left out.
    ours.maybeAppend(entries + 2, entries + 2, true);
    assertThat(ours.last()).isEqualTo(new TimeIndex.Entry(entries + 1, entries + 1));
  }

  @ParameterizedTest(name = "base {0}")
  @ValueSource(longs = {0, 1, 4_000_000_000L})
  void holdsOffsetsUpToTwoGigaFromItsBase(long baseOffset) throws IOException {
    open(baseOffset, MAX_BYTES);
    for (long out : new long[] {base - 1, base + Integer.MAX_VALUE + 1L}) {
      assertThat(kafka.canAppendOffset(out)).isFalse();
      assertThatThrownBy(() -> ours.maybeAppend(5, out, false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no offset of");
    }
    append(5, base);
    append(6, base + Integer.MAX_VALUE);
    sameLookups(List.of(5L));
  }

  @ParameterizedTest(name = "{0} appends")
  @ValueSource(ints = {0, 1, 40, 90})
  void takesItsFullSizeWhileActiveAndIsTrimmedWhenSealed(int count) throws IOException {
    open(0, MAX_BYTES + 5);
    List<Long> timestamps = fill(count, count);
    assertThat(Files.size(ours.path())).isEqualTo(MAX_BYTES).isEqualTo(kafka.length());
    ours.seal();
    kafka.trimToValidSize();
    assertThat(Files.size(ours.path())).isEqualTo(kafka.length());
    ours.openActive();
    kafka.resize(MAX_BYTES + 5);
    assertThat(Files.size(ours.path())).isEqualTo(kafka.length());
    sameLookups(timestamps);
  }

  @Test
  void whatNobodyCanHaveWrittenEndsIt() throws IOException {
    open(0, MAX_BYTES);
    Path torn = directory.resolve("torn.timeindex");
    for (long[] last : new long[][] {{20, 9}, {19, 9}, {0, 0}, {30, 4}, {30, -1}}) {
      ByteBuffer bytes = ByteBuffer.allocate(40);
      bytes.putLong(10).putInt(2).putLong(20).putInt(5).putLong(last[0]).putInt((int) last[1]);
      Files.write(torn, bytes.array());
      TimeIndex index = new TimeIndex(new RealFiles(), torn, 0, MAX_BYTES);
      assertThat(index.entries()).isEqualTo(2);
      assertThat(index.last()).isEqualTo(new TimeIndex.Entry(20, 5));
    }
  }
}
