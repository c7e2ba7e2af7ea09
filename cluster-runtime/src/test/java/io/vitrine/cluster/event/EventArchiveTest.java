package io.vitrine.cluster.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventArchiveTest {
  private static final int EVENTS = 40_000;

  /** Every third place in the stream is a measurement's, and two events share a moment. */
  private static StampedEvent event(int number) {
    return new StampedEvent(
        number * 3L + 1,
        number / 2 * 1_000L,
        1_763_733_600_000L + number / 2,
        number % 3,
        new ClusterEvent.ControllerElected(number));
  }

  private static EventArchive filled(int capacity) {
    EventArchive archive = new EventArchive(capacity);
    for (int i = 0; i < EVENTS; i++) {
      archive.add(event(i));
    }
    return archive;
  }

  @Test
  void findsOldAndNewEventsByTheirPlace() {
    EventArchive archive = filled(EVENTS * 2);
    Random random = new Random(7);

    for (int i = 0; i < 300; i++) {
      int number = random.nextInt(EVENTS - 1);
      long place = event(number).sequence();
      assertThat(archive.before(place + 1)).contains(event(number));
      assertThat(archive.after(place - 1)).contains(event(number));
      assertThat(archive.after(place)).contains(event(number + 1));
      assertThat(archive.before(place))
          .isEqualTo(number == 0 ? Optional.empty() : Optional.of(event(number - 1)));
    }
    assertThat(archive.after(event(EVENTS - 1).sequence())).isEmpty();
    assertThat(archive.before(0)).isEmpty();
  }

  @Test
  void ofEventsAtOneMomentTheLastIsTheNewest() {
    EventArchive archive = filled(EVENTS * 2);

    assertThat(archive.notAfter(event(100).nanos())).contains(event(101));
    assertThat(archive.notAfter(event(100).nanos() + 999)).contains(event(101));
    assertThat(archive.notAfter(Long.MAX_VALUE - 1)).contains(event(EVENTS - 1));
    assertThat(archive.notAfter(-1)).isEmpty();
  }

  @Test
  void givesStretches() {
    EventArchive archive = filled(EVENTS * 2);
    List<StampedEvent> expected = new ArrayList<>();
    for (int i = 5_001; i <= 9_000; i++) {
      expected.add(event(i));
    }

    assertThat(archive.range(event(5_000).sequence(), event(9_000).sequence())).isEqualTo(expected);
    List<StampedEvent> heard = new ArrayList<>();
    archive.between(event(5_002).nanos(), event(9_000).nanos() - 1, heard::add);
    assertThat(heard).isEqualTo(expected.subList(1, expected.size() - 1));
    Collections.reverse(expected);
    assertThat(archive.latest(event(9_000).sequence(), 4_000)).isEqualTo(expected);
    assertThat(archive.latest(event(3).sequence(), 10)).hasSize(4);
  }

  @Test
  void theOldestGoWhenThereAreTooMany() {
    EventArchive archive = filled(10_000);

    assertThat(archive.size()).isBetween(9_000, 11_000);
    long first = archive.firstSequence().orElseThrow();
    assertThat(archive.after(0).orElseThrow().sequence()).isEqualTo(first);
    assertThat(archive.range(0, Long.MAX_VALUE)).hasSize(archive.size());
    assertThat(archive.before(first)).isEmpty();
  }

  @Test
  void anEmptyOneHasNothing() {
    EventArchive archive = new EventArchive(2_000);

    assertThat(archive.after(0)).isEmpty();
    assertThat(archive.before(Long.MAX_VALUE)).isEmpty();
    assertThat(archive.notAfter(5)).isEmpty();
    assertThat(archive.firstSequence()).isEmpty();
    assertThat(archive.range(0, 10)).isEmpty();
  }
}
