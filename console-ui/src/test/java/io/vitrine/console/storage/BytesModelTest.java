package io.vitrine.console.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.console.live.Work;
import io.vitrine.console.testing.SampleLogs;
import io.vitrine.storage.inspect.BatchView;
import io.vitrine.storage.inspect.IndexEntry;
import io.vitrine.storage.inspect.Inspection;
import io.vitrine.storage.inspect.PartitionView;
import io.vitrine.storage.inspect.SegmentView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** M60–M62: what is chosen in tree, bytes or index is chosen in all three. */
class BytesModelTest {
  @TempDir private Path directory;
  private final List<String> heard = new ArrayList<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private BytesModel model;

  @BeforeEach
  void write() throws IOException {
    SampleLogs.write(directory);
    model = new BytesModel(new Work(later::add, Runnable::run), new Hearing());
  }

  private void run() {
    while (!later.isEmpty()) {
      later.poll().run();
    }
  }

  private PartitionView partition(String name) throws IOException {
    return Inspection.open(directory.resolve(name)).partitions().get(0);
  }

  private SegmentView show(String name, int segment) throws IOException {
    PartitionView partition = partition(name);
    SegmentView chosen = partition.inUse().get(segment);
    model.show(chosen, partition.topic());
    run();
    return chosen;
  }

  @Test
  void aByteIsChosenAsTheFieldItBelongsTo() throws IOException {
    show("orders-0", 0);
    BatchView second = model.batches().get(1);

    model.choose(second.position() + 17);
    run();
    assertThat(field().field().name()).isEqualTo("CRC-32C");
    assertThat(field().from()).isEqualTo(second.position() + 17);
    assertThat(field().to()).isEqualTo(second.position() + 21);

    model.choose(second.position() + 61);
    assertThat(model.chosen()).containsInstanceOf(Part.Batch.class);
    run();
    assertThat(field().field().name()).isEqualTo("length");
    assertThat(field().from()).isEqualTo(second.position() + 61);
  }

  @Test
  void theRecordsOfACompressedBatchAreItsBytesTogether() throws IOException {
    show("orders-0", 3);
    BatchView first = model.batches().get(0);
    assertThat(Part.compressed(first)).isTrue();

    model.choose(first.position() + 100);
    run();
    assertThat(model.chosen()).contains(new Part.Batch(first));
    assertThat(model.records(first)).isEmpty();
    run();
    Part.Entry entry = Part.entry(first, model.records(first).orElseThrow().get(4));
    assertThat(entry.from()).isEqualTo(first.position() + 61);
    assertThat(entry.to()).isEqualTo(first.end());
  }

  @Test
  void anIndexEntryLeadsToItsBatchAndTheBatchToItsEntry() throws IOException {
    show("orders-0", 5);
    for (IndexEntry.Kind kind : List.of(IndexEntry.Kind.OFFSET, IndexEntry.Kind.TIME)) {
      List<IndexEntry> entries = model.entries(kind);
      assertThat(entries).hasSizeGreaterThan(5);
      for (int i = 0; i < entries.size() - 1; i++) {
        model.choose(entries.get(i));
        run();
        assertThat(model.chosen().orElseThrow()).isInstanceOf(Part.Batch.class);
        Part.Batch batch = (Part.Batch) model.chosen().orElseThrow();
        assertThat(batch.batch().header().lastOffset()).isEqualTo(entries.get(i).offset());
        assertThat(model.entryOfChosen(kind)).isEqualTo(i);
      }
    }
  }

  @Test
  void farBytesAreReachedWithoutWhatLiesBetween() throws IOException {
    SegmentView segment = show("profiles-0", 0);
    assertThat(model.moreBehind()).isTrue();
    int first = model.batches().size();
    model.later();
    run();
    assertThat(model.batches()).hasSizeGreaterThan(first);

    model.choose(segment.sizeBytes() - 1);
    run();
    assertThat(model.chosen()).isPresent();
    assertThat(model.moreBehind()).isFalse();
    assertThat(model.moreBefore()).isTrue();
    while (model.moreBefore()) {
      model.earlier();
      run();
    }
    assertThat(model.batches().get(0).position()).isZero();
    assertThat(model.batches()).hasSize(300);
  }

  @Test
  void bytesAreReadWhenTheyAreLookedAt() throws IOException {
    SegmentView segment = show("orders-0", 1);
    byte[] all = Files.readAllBytes(segment.log());

    assertThat(model.at(9_000)).isEqualTo(-1);
    run();
    assertThat(heard).contains("loaded");
    assertThat(model.at(9_000)).isEqualTo(all[9_000] & 0xff);
    assertThat(model.at(segment.sizeBytes() + 5)).isEqualTo(-1);
  }

  @Test
  void aCheckNamesTheBatchThatIsDamagedAndChoosesIt() throws IOException {
    show("broken-0", 0);
    model.check();
    assertThat(model.checking()).isTrue();
    run();
    assertThat(model.checking()).isFalse();
    assertThat(model.damages()).hasSize(1);
    assertThat(model.damages().get(0).reason()).contains("checksum");
    assertThat(model.chosen().orElseThrow().from()).isEqualTo(model.damages().get(0).position());

    show("orders-0", 0);
    model.check();
    run();
    assertThat(model.damages()).isEmpty();
  }

  @Test
  void aLogThatGrowsKeepsWhatIsChosen() throws IOException {
    SegmentView segment = show("profiles-0", 2);
    while (model.moreBehind()) {
      model.later();
      run();
    }
    int before = model.batches().size();
    model.choose(30L);
    run();
    Part chosen = model.chosen().orElseThrow();
    Files.write(
        segment.log(),
        Files.readAllBytes(partition("profiles-0").inUse().get(0).log()),
        StandardOpenOption.APPEND);

    show("profiles-0", 2);

    assertThat(model.chosen()).contains(chosen);
    assertThat(model.moreBehind()).isTrue();
    assertThat(model.batches()).hasSize(before);
  }

  @Test
  void anAnswerThatComesTooLateIsNotShown() throws IOException {
    PartitionView orders = partition("orders-0");
    model.show(orders.inUse().get(0), "orders");
    model.show(orders.inUse().get(1), "orders");
    run();
    assertThat(model.batches().get(0).header().baseOffset()).isEqualTo(2_000);
    assertThat(model.entries(IndexEntry.Kind.OFFSET).get(0).offset()).isGreaterThan(2_000);
  }

  @Test
  void aLogThatIsGoneIsSaid() throws IOException {
    PartitionView orders = partition("orders-0");
    Files.delete(orders.inUse().get(0).log());
    model.show(orders.inUse().get(0), "orders");
    run();
    assertThat(model.trouble()).isNotEmpty();
  }

  @Test
  void theEndOfASegmentOfTwoGigabytesIsReachedByItsIndex() throws IOException {
    int size = 1 << 20;
    int count = 2_000;
    Path partition = Files.createDirectories(directory.resolve("large-0"));
    ByteBuffer index = ByteBuffer.allocate(8 * count);
    try (FileChannel log =
        FileChannel.open(
            partition.resolve("00000000000000000000.log"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      for (int i = 0; i < count; i++) {
        ByteBuffer header = ByteBuffer.allocate(61);
        header.putLong(i).putInt(size - 12).putInt(0).put((byte) 2);
        log.write(header.clear(), (long) i * size);
        if (i > 0) {
          index.putInt(i).putInt(i * size);
        }
      }
      log.write(ByteBuffer.allocate(1), (long) count * size - 1);
    }
    Files.write(
        partition.resolve("00000000000000000000.index"),
        Arrays.copyOf(index.array(), index.position()));
    SegmentView segment = show("large-0", 0);
    assertThat(segment.sizeBytes()).isEqualTo((long) count * size);

    model.choose(segment.sizeBytes() - 1);
    run();

    assertThat(model.batches()).hasSizeLessThan(210);
    assertThat(model.chosen().orElseThrow()).isInstanceOf(Part.Batch.class);
    assertThat(model.chosen().orElseThrow().to()).isEqualTo(segment.sizeBytes());
    assertThat(model.at(segment.sizeBytes() - 1)).isEqualTo(-1);
    run();
    assertThat(model.at(segment.sizeBytes() - 1)).isZero();
  }

  private Part.Value field() {
    assertThat(model.chosen().orElseThrow()).isInstanceOf(Part.Value.class);
    return (Part.Value) model.chosen().orElseThrow();
  }

  /** Writes down what it hears. */
  private final class Hearing implements BytesModel.Listener {
    @Override
    public void opened() {
      heard.add("opened");
    }

    @Override
    public void paged() {
      heard.add("paged");
    }

    @Override
    public void recorded(BatchView batch) {
      heard.add("recorded");
    }

    @Override
    public void chosen() {
      heard.add("chosen");
    }

    @Override
    public void indexed() {
      heard.add("indexed");
    }

    @Override
    public void loaded() {
      heard.add("loaded");
    }

    @Override
    public void checked() {
      heard.add("checked");
    }
  }
}
