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
import org.apache.kafka.common.errors.InvalidOffsetException;
import org.apache.kafka.storage.internals.log.OffsetPosition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** M61: the offset index answers as Apache Kafka 3.9.2's own, and leaves the same bytes. */
class OffsetIndexTest {
  private static final int MAX_BYTES = 800;

  @TempDir private Path directory;
  private long base;
  private OffsetIndex ours;
  private org.apache.kafka.storage.internals.log.OffsetIndex kafka;

  private void open(long baseOffset, int maxBytes) throws IOException {
    base = baseOffset;
    ours = new OffsetIndex(new RealFiles(), directory.resolve("ours.index"), base, maxBytes);
    ours.openActive();
    kafka =
        new org.apache.kafka.storage.internals.log.OffsetIndex(
            directory.resolve("theirs.index").toFile(), base, maxBytes);
  }

  @AfterEach
  void close() throws IOException {
    ours.close();
    kafka.close();
    assertThat(directory.resolve("ours.index"))
        .hasSameBinaryContentAs(directory.resolve("theirs.index"));
  }

  private void append(long offset, int position) throws IOException {
    ours.append(offset, position);
    kafka.append(offset, position);
  }

  /** Entries at random distances, some far apart. */
  private List<Long> fill(long seed, int count) throws IOException {
    Random random = new Random(seed);
    List<Long> offsets = new ArrayList<>();
    long offset = base;
    int position = 0;
    for (int i = 0; i < count; i++) {
      offset += 1 + random.nextInt(random.nextInt(8) == 0 ? 10_000_000 : 5);
      position += 61 + random.nextInt(10_000);
      append(offset, position);
      offsets.add(offset);
    }
    return offsets;
  }

  private void sameLookups(List<Long> offsets) {
    TreeSet<Long> asked = new TreeSet<>(List.of(base, base + 1, base + Integer.MAX_VALUE));
    if (base > 0) {
      asked.add(base - 1);
    }
    offsets.forEach(offset -> asked.addAll(List.of(offset - 1, offset, offset + 1)));
    for (long offset : asked) {
      OffsetPosition expected = kafka.lookup(offset);
      assertThat(ours.lookup(offset))
          .as("lookup of " + offset)
          .isEqualTo(new OffsetIndex.Entry(expected.offset, expected.position));
    }
    assertThat(ours.entries()).isEqualTo(kafka.entries());
    assertThat(ours.sizeBytes()).isEqualTo(kafka.sizeInBytes());
    assertThat(ours.full()).isEqualTo(kafka.isFull());
  }

  @ParameterizedTest(name = "base {0}, {1} entries")
  @CsvSource({"0,0", "0,1", "0,2", "7,3", "1000,50", "0,100", "1099511627776,99"})
  void looksUpTheLastEntryAtOrBelow(long baseOffset, int count) throws IOException {
    open(baseOffset, MAX_BYTES);
    sameLookups(fill(count, count));
  }

  @ParameterizedTest(name = "{0} entries, cut to entry {1}")
  @CsvSource({"0,0", "1,0", "1,1", "20,0", "20,1", "20,10", "20,19", "20,20", "100,50"})
  void cutsWhatIsAtOrAboveAnOffset(int count, int entry) throws IOException {
    open(100, MAX_BYTES);
    List<Long> offsets = fill(count, count);
    for (long delta : new long[] {1, 0, -1}) {
      long to = (entry == 0 ? base : offsets.get(entry - 1)) + delta;
      ours.truncateTo(to);
      kafka.truncateTo(to);
      sameLookups(offsets);
    }
    long next = (kafka.entries() == 0 ? base : kafka.lastOffset()) + 3;
    append(next, 9_999_999);
    sameLookups(List.of(next));
  }

  @ParameterizedTest(name = "within {0} bytes")
  @ValueSource(longs = {1, 61, 5_000, 100_000, 10_000_000})
  void findsTheEndOfAFetch(long bytes) throws IOException {
    open(5, MAX_BYTES);
    for (long offset : fill(3, 30)) {
      OffsetPosition from = kafka.lookup(offset);
      assertThat(ours.firstOffsetAt(from.position + bytes))
          .isEqualTo(
              kafka.fetchUpperBoundOffset(from, (int) bytes).map(at -> at.offset).orElse(-1L));
    }
  }

  @ParameterizedTest(name = "{0} bytes hold {1} entries")
  @CsvSource({"8,1", "15,1", "16,2", "20,2", "100,12"})
  void isFullWhenKafkasIs(int maxBytes, int entries) throws IOException {
    open(0, maxBytes);
    for (int i = 1; i <= entries; i++) {
      assertThat(ours.full()).isFalse();
      append(i, 100 * i);
      sameLookups(List.of((long) i));
    }
    assertThat(ours.full()).isTrue();
    assertThatThrownBy(() -> ours.append(entries + 1, 1_000_000))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ours.index is full");
  }

  @ParameterizedTest(name = "base {0}")
  @ValueSource(longs = {0, 1, 4_000_000_000L})
  void holdsOffsetsUpToTwoGigaFromItsBase(long baseOffset) throws IOException {
    open(baseOffset, MAX_BYTES);
    for (long out : new long[] {base - 1, base + Integer.MAX_VALUE + 1L}) {
      assertThat(kafka.canAppendOffset(out)).isFalse();
      assertThatThrownBy(() -> ours.append(out, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no offset of");
    }
    append(base, 1);
    append(base + Integer.MAX_VALUE, 2);
    sameLookups(List.of(base));
  }

  @Test
  void entriesRise() throws IOException {
    open(0, MAX_BYTES);
    append(10, 100);
    for (long offset : new long[] {9, 10}) {
      assertThatThrownBy(() -> kafka.append(offset, 200))
          .isInstanceOf(InvalidOffsetException.class);
      assertThatThrownBy(() -> ours.append(offset, 200))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not follow");
    }
  }

  @ParameterizedTest(name = "{0} entries")
  @ValueSource(ints = {0, 1, 40, 100})
  void takesItsFullSizeWhileActiveAndIsTrimmedWhenSealed(int count) throws IOException {
    open(0, MAX_BYTES + 5);
    List<Long> offsets = fill(count, count);
    assertThat(Files.size(ours.path())).isEqualTo(MAX_BYTES).isEqualTo(kafka.length());
    ours.seal();
    kafka.trimToValidSize();
    assertThat(Files.size(ours.path())).isEqualTo(8L * count).isEqualTo(kafka.length());
    ours.openActive();
    kafka.resize(MAX_BYTES + 5);
    assertThat(Files.size(ours.path())).isEqualTo(kafka.length());
    sameLookups(offsets);
  }

  @ParameterizedTest(name = "{0} entries sealed")
  @ValueSource(ints = {0, 1, 40, 100})
  void isReadAgainFromItsFile(int count) throws IOException {
    open(50, MAX_BYTES);
    List<Long> offsets = fill(count, count);
    ours.seal();
    ours = new OffsetIndex(new RealFiles(), ours.path(), base, MAX_BYTES);
    for (long offset : offsets) {
      assertThat(ours.lookup(offset).offset()).isEqualTo(offset);
    }
    assertThat(ours.entries()).isEqualTo(count);
  }

  @Test
  void whatNobodyCanHaveWrittenEndsIt() throws IOException {
    open(0, MAX_BYTES);
    Path torn = directory.resolve("torn.index");
    for (int[] last : new int[][] {{4, 900}, {9, 100}, {0, 0}, {-1, 900}, {9, -1}}) {
      ByteBuffer bytes = ByteBuffer.allocate(30);
      bytes.putInt(2).putInt(50).putInt(5).putInt(100).putInt(last[0]).putInt(last[1]);
      Files.write(torn, bytes.array());
      OffsetIndex index = new OffsetIndex(new RealFiles(), torn, 0, MAX_BYTES);
      assertThat(index.entries()).isEqualTo(2);
      assertThat(index.lookup(1_000)).isEqualTo(new OffsetIndex.Entry(5, 100));
    }
  }
}
