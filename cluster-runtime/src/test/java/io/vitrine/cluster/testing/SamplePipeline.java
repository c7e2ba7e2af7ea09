package io.vitrine.cluster.testing;

import io.vitrine.cluster.event.ClusterEvent.AwaitedSample;
import io.vitrine.cluster.event.ClusterEvent.IoThreadSample;
import io.vitrine.cluster.event.ClusterEvent.NetworkThreadSample;
import io.vitrine.cluster.event.ClusterEvent.PipelineSampled;
import io.vitrine.cluster.event.ClusterEvent.WaitingSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What the threads of a story's broker are at. The same for the same broker and time. */
final class SamplePipeline {
  private static final int PRODUCE_TIMEOUT_MS = 30_000;
  private static final int FETCH_TIMEOUT_MS = 500;

  private final int broker;
  private final long nowMs;
  private final List<WaitingSample> waiting = new ArrayList<>();
  private int produces;
  private int fetches;

  SamplePipeline(int broker, long nowMs) {
    this.broker = broker;
    this.nowMs = nowMs;
  }

  /** A produce that waits for the high watermark to reach the log's end. */
  void produce(TopicPartition partition, long highWatermark, long end, long waitedMs) {
    produces++;
    waiting.add(
        new WaitingSample(
            "Produce",
            nowMs / 10 + produces,
            -1,
            0,
            List.of(new AwaitedSample(partition.toString(), highWatermark, end)),
            waitedMs,
            PRODUCE_TIMEOUT_MS));
  }

  /** A fetch at the end of partitions. */
  void fetch(int follower, Map<TopicPartition, Long> ends) {
    fetches++;
    waiting.add(
        new WaitingSample(
            "Fetch",
            nowMs / 500 * 10 + fetches,
            follower,
            1,
            ends.entrySet().stream()
                .limit(3)
                .map(
                    each ->
                        new AwaitedSample(
                            each.getKey().toString(), each.getValue(), each.getValue() + 1))
                .toList(),
            (nowMs + 70L * fetches) % FETCH_TIMEOUT_MS,
            FETCH_TIMEOUT_MS));
  }

  PipelineSampled sample() {
    long tick = nowMs / 200 + broker;
    List<IoThreadSample> io = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String api = i == tick % 8 ? "Produce" : i == (tick * 3 + 1) % 8 ? "Fetch" : "";
      String client =
          api.isEmpty() ? "" : api.equals("Produce") ? "demo-producer" : "demo-reader-1";
      io.add(new IoThreadSample(i, api, client, api.isEmpty() ? 0 : 180_000));
    }
    List<NetworkThreadSample> network = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      network.add(
          new NetworkThreadSample(
              i, "PLAINTEXT", 2 + (i + broker) % 3, i == tick % 3 ? (int) (tick % 2) + 1 : 0));
    }
    return new PipelineSampled(
        network, 0, io, Map.of("Produce", produces, "Fetch", fetches, "DeleteRecords", 0), waiting);
  }
}
