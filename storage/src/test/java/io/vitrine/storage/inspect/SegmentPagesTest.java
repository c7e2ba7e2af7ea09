package io.vitrine.storage.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.log.LogFixture;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M60, M61: a segment read piece by piece is the segment read from end to end. */
class SegmentPagesTest {
  private static final int BATCHES = 3_000;

  @TempDir private Path directory;

  private SegmentView segment() throws IOException {
    PartitionLog log = new LogFixture().open(directory, LogSettings.defaults(), false);
    for (int i = 0; i < BATCHES; i++) {
      LogFixture.append(log, 0, "value " + i);
    }
    log.close();
    return Inspection.open(directory.resolve("t-0")).partitions().get(0).inUse().get(0);
  }

  private static List<BatchView> all(SegmentView segment) throws IOException {
    List<BatchView> all = new ArrayList<>();
    try (BatchWalk walk = BatchWalk.of(segment.log(), segment.baseOffset())) {
      for (Optional<BatchView> b = walk.next(); b.isPresent(); b = walk.next()) {
        all.add(b.get());
      }
    }
    return all;
  }

  @Test
  void everyByteIsFoundInItsBatchWithItsNeighbours() throws IOException {
    SegmentView segment = segment();
    List<BatchView> all = all(segment);
    for (long position = 0; position < segment.sizeBytes(); position += 997) {
      SegmentPages.Page page = SegmentPages.around(segment, position, 20);
      int first = all.indexOf(page.batches().get(0));
      assertThat(page.batches()).isEqualTo(all.subList(first, first + page.batches().size()));
      long wanted = position;
      assertThat(page.batches()).anyMatch(b -> b.position() <= wanted && wanted < b.end());
      assertThat(page.more()).isEqualTo(page.to() < segment.sizeBytes());
    }
  }

  @Test
  void pagesFollowEachOther() throws IOException {
    SegmentView segment = segment();
    List<BatchView> read = new ArrayList<>();
    SegmentPages.Page page = SegmentPages.from(segment, 0, 100);
    read.addAll(page.batches());
    while (page.more()) {
      page = SegmentPages.from(segment, page.to(), 100);
      read.addAll(page.batches());
    }
    assertThat(read).isEqualTo(all(segment));
    assertThat(page.damage()).isEmpty();
  }

  @Test
  void anIndexThatPointsAstrayDoesNotHideTheBatches() throws IOException {
    SegmentView segment = segment();
    byte[] index = Files.readAllBytes(segment.beside(".index"));
    for (int i = 7; i < index.length; i += IndexReader.OFFSET_ENTRY) {
      index[i] ^= 1;
    }
    Files.write(segment.beside(".index"), index);
    long position = segment.sizeBytes() - 5;

    SegmentPages.Page page = SegmentPages.around(segment, position, 20);

    assertThat(page.batches()).anyMatch(b -> b.position() <= position && position < b.end());
  }

  @Test
  void bytesAreThoseOfTheFileAndEndWithIt() throws IOException {
    SegmentView segment = segment();
    byte[] all = Files.readAllBytes(segment.log());

    assertThat(SegmentPages.bytes(segment.log(), 100, 50))
        .isEqualTo(Arrays.copyOfRange(all, 100, 150));
    assertThat(SegmentPages.bytes(segment.log(), all.length - 10, 4096))
        .isEqualTo(Arrays.copyOfRange(all, all.length - 10, all.length));
    assertThat(SegmentPages.bytes(segment.log(), all.length + 10, 10)).isEmpty();
    assertThatThrownBy(() -> SegmentPages.bytes(segment.log(), 0, SegmentPages.MAX_BYTES + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyStepOfALookupSaysWhereItLooked() throws IOException {
    SegmentView segment = segment();
    PartitionView partition = Inspection.open(directory.resolve("t-0")).partitions().get(0);

    List<LookupStep> steps = Lookup.offset(partition, 2_345).steps();

    assertThat(steps.get(0).text())
        .isEqualTo("segment 0 is the last one that begins at or before 2345");
    LookupStep found = steps.get(steps.size() - 1);
    assertThat(found.kind()).isEqualTo(LookupStep.Kind.FOUND);
    assertThat(SegmentPages.around(segment, found.at(), 0).batches().get(0).header().baseOffset())
        .isEqualTo(2_345);
    assertThat(steps).noneMatch(s -> s.text().contains("{"));
    List<IndexEntry> index = Inspection.index(segment);
    steps.stream()
        .filter(s -> s.saying() == LookupStep.Saying.OFFSET_NOT_ABOVE)
        .forEach(
            s ->
                assertThat(s.text())
                    .contains(index.get((int) (s.at() / IndexEntry.Kind.OFFSET.bytes())).points()));
  }

  @Test
  void theNewestRecordOfAKeyIsFoundByReading() throws IOException {
    segment();
    PartitionView partition = Inspection.open(directory.resolve("t-0")).partitions().get(0);

    assertThat(Lookup.key(partition, "k", () -> true).offset()).hasValue(BATCHES - 1);
    Lookup.Explained nothing = Lookup.key(partition, "K", () -> true);
    assertThat(nothing.offset()).isEmpty();
    assertThat(nothing.steps())
        .extracting(LookupStep::text)
        .containsExactly(
            "no index knows keys: segment 0 read, 3000 records, 0 with the key",
            "no record has the key K");
  }
}
