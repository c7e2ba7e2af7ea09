package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.story.StoryBroker.Brand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M59: consumers that share a topic go on when the broker that coordinates them is killed: every
 * record is read, and no committed offset is lost.
 */
class CoordinatorFailoverTest {
  private static final String TOPIC = "shared";
  private static final String GROUP = "readers";
  private static final int PARTITIONS = 4;
  private static final Map<String, String> SETTINGS =
      Map.of("group.min.session.timeout.ms", "500", "offsets.topic.replication.factor", "3");

  /** What was read of each partition. */
  private final Map<Integer, Set<Long>> read = new ConcurrentHashMap<>();

  /** Where a reader began after an assignment, beside what had been committed before. */
  private final List<String> lostCommits = Collections.synchronizedList(new ArrayList<>());

  private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();

  @Test
  void nothingIsLostWhenTheCoordinatorIsKilled(@TempDir Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(Brand.VITRINE, directory, 1, SETTINGS)) {
      for (int id = 1; id <= 3; id++) {
        cluster.start(id);
      }
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
        admin
            .createTopics(
                List.of(
                    new NewTopic(TOPIC, PARTITIONS, (short) 3)
                        .configs(Map.of("min.insync.replicas", "2"))))
            .all()
            .get();
      }
      try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS);
          Reader first = new Reader(cluster.bootstrap());
          Reader second = new Reader(cluster.bootstrap())) {
        progress(load);
        await("they share the topic")
            .atMost(Duration.ofSeconds(20))
            .until(() -> first.assigned() == 2 && second.assigned() == 2);
        int coordinator = coordinator(cluster);
        cluster.crash(coordinator);
        progress(load);
        cluster.start(coordinator);
        progress(load);

        load.end();
        await("everything is read")
            .atMost(Duration.ofSeconds(30))
            .until(() -> count() == load.acknowledged());
        load.verify(cluster.bootstrap());
      }
      assertThat(lostCommits).isEmpty();
    }
  }

  private long count() {
    return read.values().stream().mapToLong(Set::size).sum();
  }

  /** Until a good deal more was written and read. */
  private void progress(Load load) {
    long target = load.acknowledged() + 1_000;
    await("readers come along")
        .atMost(Duration.ofSeconds(40))
        .until(() -> load.acknowledged() >= target && count() >= target);
  }

  private static int coordinator(StoryCluster cluster) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
      return admin
          .describeConsumerGroups(List.of(GROUP))
          .describedGroups()
          .get(GROUP)
          .get()
          .coordinator()
          .id();
    }
  }

  /** A member of the group with a thread of its own; commits after every poll. */
  private final class Reader implements AutoCloseable, ConsumerRebalanceListener {
    private final KafkaConsumer<Long, Long> consumer;
    private final Thread thread = new Thread(this::run, "reader");
    private volatile int assigned;

    Reader(String bootstrap) {
      consumer =
          new KafkaConsumer<>(
              Map.of(
                  "bootstrap.servers", bootstrap,
                  "group.id", GROUP,
                  "enable.auto.commit", "false",
                  "auto.offset.reset", "earliest",
                  "session.timeout.ms", "3000",
                  "heartbeat.interval.ms", "300",
                  "partition.assignment.strategy",
                      "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
              new LongDeserializer(),
              new LongDeserializer());
      thread.start();
    }

    private void run() {
      consumer.subscribe(List.of(TOPIC), this);
      try {
        while (true) {
          boolean some = false;
          for (ConsumerRecord<Long, Long> record : consumer.poll(Duration.ofMillis(100))) {
            read.computeIfAbsent(record.partition(), p -> new ConcurrentSkipListSet<>())
                .add(record.value());
            some = true;
          }
          if (some) {
            commit();
          }
        }
      } catch (WakeupException ended) {
        consumer.close(Duration.ofSeconds(2));
      }
    }

    /** What cannot be committed during a rebalance is committed next time. */
    private void commit() {
      try {
        consumer.commitSync(Duration.ofSeconds(20));
        for (TopicPartition partition : consumer.assignment()) {
          committed.merge(partition, consumer.position(partition), Math::max);
        }
      } catch (CommitFailedException | RebalanceInProgressException | TimeoutException notNow) {
        assigned = consumer.assignment().size();
      }
    }

    int assigned() {
      return assigned;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        long before = committed.getOrDefault(partition, 0L);
        long begins = consumer.position(partition);
        if (begins < before) {
          lostCommits.add(partition + " begins at " + begins + " after " + before);
        }
      }
      assigned = consumer.assignment().size();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      assigned = consumer.assignment().size();
    }

    @Override
    public void close() {
      consumer.wakeup();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
