package io.vitrine.cluster.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventJournal;
import io.vitrine.cluster.event.EventSink;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotPublisherTest {
  private final EventJournal journal =
      new EventJournal(16, InstantSource.system(), System::nanoTime);
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final SnapshotPublisher publisher =
      new SnapshotPublisher(journal, new SnapshotProjector(1), executor, System::nanoTime, 20);

  @AfterEach
  void end() {
    publisher.close();
    executor.shutdownNow();
  }

  @Test
  void manyEventsBecomeFewSnapshotsAndTheLastHoldsThemAll() {
    List<ClusterSnapshot> heard = new CopyOnWriteArrayList<>();
    publisher.subscribe(heard::add);
    for (int i = 0; i < 5_000; i++) {
      journal.report(1, new ClusterEvent.ControllerElected(i));
    }
    await().until(() -> publisher.newest().sequence() == 5_000);
    assertThat(publisher.newest().controller().epoch()).isEqualTo(4_999);
    assertThat(heard).hasSizeLessThan(500);
    assertThat(heard).isSortedAccordingTo((a, b) -> Long.compare(a.sequence(), b.sequence()));
  }

  @Test
  void aHistoryHoldsWhatHappenedBeforeAndAfterItWasAskedFor() {
    for (int i = 1; i <= 5; i++) {
      journal.report(1, new ClusterEvent.ControllerElected(i));
    }
    await().until(() -> publisher.newest().sequence() == 5);
    ClusterHistory history = new ClusterHistory();
    publisher.keep(history);
    await().until(() -> history.extent().isPresent());
    for (int i = 6; i <= 40; i++) {
      journal.report(1, new ClusterEvent.ControllerElected(i));
    }
    await().until(() -> history.before(Long.MAX_VALUE).filter(e -> e.sequence() == 40).isPresent());

    for (int i = 1; i <= 40; i++) {
      assertThat(history.cursor().upTo(i).controller().epoch()).isEqualTo(i);
    }
  }

  @Test
  void aHistoryBeginsLateWhereEventsAreLost() {
    for (int i = 1; i <= 20; i++) {
      journal.report(1, new ClusterEvent.ControllerElected(i));
    }
    await().until(() -> publisher.newest().sequence() == 20);
    ClusterHistory history = new ClusterHistory();
    publisher.keep(history);
    journal.report(1, new ClusterEvent.ControllerElected(21));
    await().until(() -> history.before(Long.MAX_VALUE).filter(e -> e.sequence() == 21).isPresent());

    assertThat(history.extent().orElseThrow().firstSequence()).isEqualTo(20);
    assertThat(history.cursor().upTo(3).controller().epoch()).isEqualTo(20);
  }

  @Test
  void aFailingListenerDoesNotStopTheOthers() {
    publisher.subscribe(
        s -> {
          throw new IllegalStateException("on purpose");
        });
    List<ClusterSnapshot> heard = new CopyOnWriteArrayList<>();
    Runnable end = publisher.subscribe(heard::add);
    journal.report(1, new ClusterEvent.BrokerStarting());
    await().until(() -> !heard.isEmpty());
    end.run();
    journal.report(EventSink.NO_BROKER, new ClusterEvent.ZooKeeperStopped(false));
    await().until(() -> publisher.newest().sequence() == 2);
    assertThat(heard).hasSize(1);
  }
}
