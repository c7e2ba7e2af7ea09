package io.vitrine.cluster.story;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The story of a follower that stands still without being gone: it leaves the ISR after {@code
 * replica.lag.time.max.ms} and comes back once it has caught up. Nobody's leadership moves.
 */
final class LagStory extends Story {
  /** A follower may lag for less than its session lasts, so that only its lag is seen. */
  static final Map<String, String> SETTINGS =
      Map.of("replica.lag.time.max.ms", "4000", "zookeeper.session.timeout.ms", "10000");

  private static final String TOPIC = "lagging";

  LagStory(StoryCluster cluster) {
    super(cluster, TOPIC);
  }

  @Override
  void run() throws Exception {
    threeBrokersServe();
    create(Map.of(0, List.of(1, 3), 1, List.of(2, 3), 2, List.of(1, 2)));
    settled("a topic is created", () -> leaders(1, 2, 1) && isrSizes(3, 2));
    produce(3, 20);

    cluster().freeze(3, true);
    // acks=all is answered only once the ISR is without the frozen follower.
    produce(3, 20);
    happened("a follower leaves the ISR", () -> isr(0, 1) && isr(1, 2) && isr(2, 1, 2));
    cluster().freeze(3, false);
    // The partition epochs in this tree tell of both changes.
    settled("it was out and caught up", () -> isr(0, 1, 3) && isr(1, 2, 3) && leaders(1, 2, 1));
  }

  private boolean isr(int partition, Integer... expected) throws InterruptedException {
    List<Integer> isr = new ArrayList<>();
    state(partition).get("isr").forEach(id -> isr.add(id.asInt()));
    return isr.equals(List.of(expected));
  }
}
