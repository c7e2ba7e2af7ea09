package io.vitrine.storage.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.file.RealFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile;
import org.apache.kafka.storage.internals.epoch.LeaderEpochFileCache;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M35, M38: the epochs of a log, answer by answer and file by file as Apache Kafka 3.9.2's. */
class LeaderEpochCacheTest {
  private static final int STEPS = 1500;
  private static final String NAME = "leader-epoch-checkpoint";

  @TempDir private Path directory;

  /** Does everything at once. */
  private static final class AtOnce implements Scheduler {
    @Override
    public void startup() {}

    @Override
    public void shutdown() {}

    @Override
    public ScheduledFuture<?> schedule(String name, Runnable task, long delay, long period) {
      task.run();
      return null;
    }

    @Override
    public void resizeThreadPool(int size) {}
  }

  @Test
  void answersAsKafkaWhateverHappened() throws IOException {
    Path theirDirectory = Files.createDirectory(directory.resolve("theirs"));
    Path ourDirectory = Files.createDirectory(directory.resolve("ours"));
    LeaderEpochFileCache theirs =
        new LeaderEpochFileCache(
            new TopicPartition("t", 0),
            new LeaderEpochCheckpointFile(
                theirDirectory.resolve(NAME).toFile(), new LogDirFailureChannel(1)),
            new AtOnce());
    LeaderEpochCache ours = LeaderEpochCache.open(new RealFiles(), ourDirectory);
    Random random = new Random(1);
    int epoch = 0;
    long offset = 0;
    for (int step = 0; step < STEPS; step++) {
      long somewhere = Math.max(0, offset - 30 + random.nextInt(40));
      switch (random.nextInt(10)) {
        case 0 -> {
          theirs.truncateFromEndAsyncFlush(somewhere);
          ours.truncateFromEnd(somewhere);
        }
        case 1 -> {
          theirs.truncateFromStartAsyncFlush(somewhere);
          ours.truncateFromStart(somewhere);
        }
        case 2 -> {
          // An epoch that contradicts what is known.
          int some = Math.max(0, epoch - random.nextInt(4));
          theirs.assign(some, somewhere);
          ours.assign(some, somewhere);
        }
        case 3 -> ours = LeaderEpochCache.open(new RealFiles(), ourDirectory);
        default -> {
          epoch += random.nextInt(3);
          offset += random.nextInt(6);
          theirs.assign(epoch, offset);
          ours.assign(epoch, offset);
        }
      }
      assertSame(ours, theirs, epoch, offset, "step " + step);
      if (Files.exists(theirDirectory.resolve(NAME))) {
        assertThat(ourDirectory.resolve(NAME))
            .hasSameTextualContentAs(theirDirectory.resolve(NAME));
      }
    }
  }

  private static void assertSame(
      LeaderEpochCache ours, LeaderEpochFileCache theirs, int epoch, long offset, String when) {
    List<EpochEntry> expected =
        theirs.epochEntries().stream().map(e -> new EpochEntry(e.epoch, e.startOffset)).toList();
    assertThat(ours.entries()).as(when).isEqualTo(expected);
    assertThat(ours.latest()).as(when).isEqualTo(theirs.latestEpoch());
    for (int asked = Math.max(-1, epoch - 12); asked <= epoch + 2; asked++) {
      Map.Entry<Integer, Long> end = theirs.endOffsetFor(asked, offset + 5);
      assertThat(ours.endOf(asked, offset + 5))
          .as(when + ", end of " + asked)
          .isEqualTo(new EpochEnd(end.getKey(), end.getValue()));
    }
    for (long asked = Math.max(0, offset - 12); asked <= offset + 2; asked++) {
      assertThat(ours.epochOf(asked)).as(when).isEqualTo(theirs.epochForOffset(asked));
    }
  }

  @Test
  void aFileThatIsNotUnderstoodIsNamedWithItsLine() throws IOException {
    Path file = directory.resolve(NAME);
    Files.writeString(file, "0\n2\n1 0\nx 5\n");
    assertThatThrownBy(() -> LeaderEpochCache.open(new RealFiles(), directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("line 4");
    Files.writeString(file, "0\n1\n4294967296 0\n");
    assertThatThrownBy(() -> LeaderEpochCache.open(new RealFiles(), directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 3");
    Files.writeString(file, "");
    assertThat(LeaderEpochCache.open(new RealFiles(), directory).entries()).isEmpty();
  }
}
