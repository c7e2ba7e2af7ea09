package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.file.FaultyFiles;
import io.vitrine.storage.file.FileFault;
import io.vitrine.storage.file.FileOperation;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.retention.Retention;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M53: reads take no lock. What happens to a segment between a reader's choice of it and its first
 * look into the file is no disk error; a disk error still is one.
 */
class ReadRacesTest {
  private static final LogSettings SMALL =
      LogSettings.defaults().with(s -> s.segmentBytes(300).retentionBytes(600));

  @TempDir private Path directory;
  private final LogFixture fixture = new LogFixture();
  private Runnable meanwhile = () -> {};
  private final FaultyFiles files =
      new FaultyFiles(new RealFiles(), time -> meanwhile.run(), (fault, operation, file) -> {});
  private PartitionLog log;

  @BeforeEach
  void open() throws IOException {
    fixture.files = files;
    log = fixture.open(directory, SMALL, true);
    for (int i = 0; i < 20; i++) {
      LogFixture.append(log, 0, "value " + i);
    }
    log.updateHighWatermark(20);
  }

  @Test
  void aSegmentDeletedByRetentionIsOutOfRange() {
    onFirstRead(each -> each.deleteOldSegments(Retention::choose));
    assertThatThrownBy(() -> log.read(0, 100, ReadBound.LOG_END, true))
        .isInstanceOf(OffsetOutOfRangeException.class);
    assertThat(log.logStartOffset()).isPositive();
    goesOn();
  }

  @Test
  void aSegmentReplacedByCompactionIsReadAnew() throws IOException {
    CleanedSegment cleaned = log.newCleanedSegment(0);
    cleaned.append(LogFixture.batch("value 0").buffer());
    cleaned.finish(LogFixture.NOW_MS);
    onFirstRead(each -> each.replace(each.segmentsBetween(0, 3), cleaned));
    try (LogSlice slice = log.read(0, 100, ReadBound.LOG_END, true).records()) {
      assertThat(slice.sizeBytes()).isEqualTo(cleaned.sizeBytes());
    }
    goesOn();
  }

  @Test
  void aCutSegmentIsShorter() throws IOException {
    // The last batch is looked for while it is cut off.
    onFirstRead(each -> each.truncateTo(18));
    assertThatThrownBy(() -> log.read(19, 100, ReadBound.LOG_END, true))
        .isInstanceOf(OffsetOutOfRangeException.class);
    goesOn();
  }

  @Test
  void aLogThatBeginsAnewIsNeverWithoutASegment() {
    onFirstRead(each -> each.truncateFullyAndStartAt(0));
    assertThat(log.offsetForTimestamp(LogFixture.NOW_MS)).isEmpty();
    goesOn();
  }

  @Test
  void aDiskErrorStaysOne() {
    files.plan(FileFault.failing(Set.of(FileOperation.READ), "bad sector"));
    assertThatThrownBy(() -> log.read(0, 100, ReadBound.LOG_END, true))
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("bad sector");
    assertThat(fixture.failures).hasSize(1);
    log.abandon();
  }

  private void onFirstRead(Consumer<PartitionLog> change) {
    files.plan(
        new FileFault(
            Set.of(FileOperation.READ),
            file -> file.toString().endsWith(".log"),
            1,
            1,
            new FileFault.Slow(Duration.ZERO)));
    meanwhile = () -> change.accept(log);
  }

  private void goesOn() {
    assertThat(fixture.failures).isEmpty();
    LogFixture.append(log, 0, "after");
    log.close();
  }
}
