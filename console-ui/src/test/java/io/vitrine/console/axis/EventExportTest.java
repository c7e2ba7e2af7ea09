package io.vitrine.console.axis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.cluster.event.EventJson;
import io.vitrine.cluster.event.StampedEvent;
import io.vitrine.cluster.snapshot.ClusterHistory;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.testing.FakeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventExportTest {
  private final FakeCluster cluster =
      new FakeCluster().tell(SampleSnapshots.events(Chapter.FAILED_OVER));
  private final ClusterHistory history = cluster.history().orElseThrow();

  @TempDir private Path folder;

  @Test
  void everyEventOfTheStretchIsALineThatCanBeReadBack() throws IOException {
    List<StampedEvent> all = cluster.events().after(0);
    long from = all.get(all.size() / 2).nanos();
    long to = all.get(all.size() - 2).nanos();
    Path file = folder.resolve("events.jsonl");

    long count = EventExport.write(history, from, to, file);

    EventJson json = new EventJson();
    List<StampedEvent> read = Files.readAllLines(file).stream().map(json::read).toList();
    assertThat(read)
        .isEqualTo(all.stream().filter(e -> e.nanos() >= from && e.nanos() <= to).toList())
        .hasSize((int) count)
        .isNotEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidSo() {
    assertThatThrownBy(
            () -> EventExport.write(history, 0, 1, folder.resolve("missing/events.jsonl")))
        .isInstanceOf(IOException.class);
  }
}
