package io.vitrine.console.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.event.ClusterEvent.StorageSample;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.snapshot.SnapshotProjector;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Work;
import io.vitrine.console.testing.SampleLogs;
import io.vitrine.storage.inspect.DirectoryView;
import io.vitrine.storage.inspect.PartitionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M61, M62, M64: directories of live brokers and of folders, and what is chosen in them. */
class StorageModelTest {
  @TempDir private Path directory;
  private final SnapshotProjector projector = new SnapshotProjector(1);
  private final EventJournal journal =
      new EventJournal(100, () -> Instant.ofEpochMilli(SampleLogs.NEWEST_MS), () -> 5);
  private final StorageModel model =
      new StorageModel(new Work(Runnable::run, Runnable::run), () -> {});
  private long nanos = 5;

  @BeforeEach
  void write() throws IOException {
    SampleLogs.write(directory.resolve("logs"));
    journal.listen(projector::apply);
  }

  private Frame frame() {
    return new Frame(projector.snapshot(), List.of(), nanos, false);
  }

  private void live(boolean online) {
    String path = directory.resolve("logs").toString();
    journal.report(1, new ClusterEvent.BrokerStarting());
    journal.report(1, new ClusterEvent.BrokerServing("127.0.0.1", 9092, 5));
    journal.report(
        1,
        new ClusterEvent.BrokerSampled(
            List.of(),
            RequestSample.empty(),
            new StorageSample(List.of(new DirectorySample(path, online, 3, 0, 1 << 20)))));
  }

  @Test
  void theFirstDirectoryOfALiveBrokerIsOpened() {
    model.take(frame(), true);
    assertThat(model.state()).isInstanceOf(StorageModel.Nothing.class);
    live(true);
    model.take(frame(), true);

    assertThat(model.place().orElseThrow().brokerId()).isEqualTo(1);
    assertThat(directoryView().partitions())
        .extracting(PartitionView::name)
        .containsExactly("broken-0", "orders-0", "profiles-0");
    live(false);
    model.take(frame(), true);
    assertThat(model.place().orElseThrow().online()).isFalse();
  }

  @Test
  void aPartitionThatComesIsSeenWithoutAsking() throws IOException {
    live(true);
    model.take(frame(), true);
    Path fresh = Files.createDirectories(directory.resolve("logs/fresh-0"));
    Files.createFile(fresh.resolve("00000000000000000000.log"));
    model.take(frame(), true);
    assertThat(directoryView().partitions()).hasSize(3);
    nanos += 6_000_000_000L;
    model.take(frame(), true);
    assertThat(directoryView().partitions()).hasSize(4);
  }

  @Test
  void aPartitionThatIsWantedIsOpenedAsSoonAsItsDirectoryIs() {
    model.choose(new TopicPartition("orders", 0));
    live(true);
    model.take(frame(), true);

    PartitionDetail detail = model.detail().orElseThrow();
    assertThat(detail.partition().name()).isEqualTo("orders-0");
    assertThat(detail.checkpoint("replication-offset-checkpoint")).isEqualTo(SampleLogs.ORDERS);
    assertThat(detail.checkpoint("cleaner-offset-checkpoint")).isEqualTo(-1);
    assertThat(detail.largestTimestampMs()).hasSize(6).containsValue(SampleLogs.NEWEST_MS - 60_000);
    assertThat(model.segment().orElseThrow().baseOffset()).isEqualTo(6_000);
    assertThat(detail.ordered().get(0).state()).isEqualTo("deleted");
  }

  @Test
  void aLivePartitionIsReadAgainAndAFolderIsNot() throws IOException {
    live(true);
    model.take(frame(), true);
    model.choose(new TopicPartition("orders", 0));
    model.chooseSegment(2_000);
    Files.delete(directory.resolve("logs/orders-0/00000000000000003000.log"));
    nanos += 3_000_000_000L;
    model.take(frame(), true);
    assertThat(model.detail().orElseThrow().partition().inUse()).hasSize(5);
    assertThat(model.segment().orElseThrow().baseOffset()).isEqualTo(2_000);

    model.openFolder(directory.resolve("logs"));
    assertThat(model.inPartition()).isFalse();
    model.choose(directoryView().partitions().get(1));
    Files.delete(directory.resolve("logs/orders-0/00000000000000004000.log"));
    nanos += 3_000_000_000L;
    model.take(frame(), true);
    assertThat(model.detail().orElseThrow().partition().inUse()).hasSize(5);
    model.reload();
    assertThat(model.detail().orElseThrow().partition().inUse()).hasSize(4);
    assertThat(model.detail().orElseThrow().config(frame())).isEmpty();
  }

  @Test
  void whatCannotBeReadIsSaidWhy() throws IOException {
    model.openFolder(directory.resolve("nothing"));
    assertThat(model.state()).isInstanceOf(StorageModel.Unreadable.class);

    live(true);
    model.take(frame(), true);
    model.open(model.places().get(0));
    model.choose(new TopicPartition("broken", 0));
    Files.delete(directory.resolve("logs/broken-0/00000000000000000000.log"));
    model.reload();
    assertThat(model.detail()).isEmpty();
    assertThat(model.inPartition()).isTrue();
    assertThat(model.trouble()).isNotEmpty();
    model.closePartition();
    assertThat(model.inPartition()).isFalse();
  }

  private DirectoryView directoryView() {
    return ((StorageModel.Read) model.state()).directory();
  }
}
