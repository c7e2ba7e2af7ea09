package io.vitrine.storage.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may touch a log's segments. */
@Timeout(30)
class CleaningStatesTest {
  private static final TopicPartition TP = new TopicPartition("orders", 0);
  private final CleaningStates states = new CleaningStates();

  @Test
  void thePausesThatWaitedForOnePassAllCount() throws InterruptedException {
    assertThat(states.begin(TP)).isTrue();
    CountDownLatch begun = new CountDownLatch(2);
    List<Thread> pausing = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread =
          new Thread(
              () -> {
                begun.countDown();
                states.pause(TP);
              },
              "test-pause-" + i);
      pausing.add(thread);
      thread.start();
    }
    begun.await();
    for (Thread thread : pausing) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    assertThat(states.aborting(TP)).isTrue();
    assertThat(states.end(TP)).isFalse();
    for (Thread thread : pausing) {
      thread.join();
    }
    states.resume(TP);
    assertThat(states.begin(TP)).as("the other still pauses").isFalse();
    states.resume(TP);
    assertThat(states.begin(TP)).isTrue();
    assertThat(states.end(TP)).isTrue();
  }

  @Test
  void onlyAPauseCanBeTakenBack() {
    assertThatThrownBy(() -> states.resume(TP)).hasMessageContaining("not paused");
  }
}
