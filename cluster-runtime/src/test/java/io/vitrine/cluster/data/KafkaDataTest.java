package io.vitrine.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.LocalClusterSettings;
import io.vitrine.cluster.data.ReadProgress.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readings and sendings on a real cluster of one broker. */
@Timeout(120)
class KafkaDataTest {
  private static final long PATIENCE_S = 60;

  @TempDir private static Path directory;
  private static LocalCluster cluster;

  /** Everything a reading told. */
  private static final class Heard implements ReadListener {
    private final BlockingQueue<ReadProgress> told = new LinkedBlockingQueue<>();
    private final List<DataRecord> records = new ArrayList<>();

    @Override
    public synchronized void read(List<DataRecord> some, ReadProgress progress) {
      records.addAll(some);
      told.add(progress);
    }

    ReadProgress await(Predicate<ReadProgress> wanted) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
      while (true) {
        ReadProgress next = told.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        assertThat(next).as("news of the reading").isNotNull();
        if (wanted.test(next)) {
          return next;
        }
      }
    }

    ReadProgress end() throws InterruptedException {
      return await(progress -> progress.state().ended());
    }

    synchronized List<String> values() {
      return records.stream().map(record -> RecordTexts.AUTO.value(record).text()).toList();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    cluster =
        LocalCluster.start(
            LocalClusterSettings.in(directory)
                .withAnyPorts()
                .withBrokers(1)
                .withBrokerOverrides(Map.of("offsets.topic.num.partitions", "2")));
    cluster.awaitServing(PATIENCE_S, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void topic(String name, int partitions) throws Exception {
    cluster
        .execute(new ClusterCommand.CreateTopic(name, partitions, 1, Map.of()))
        .get(PATIENCE_S, TimeUnit.SECONDS);
  }

  private static SendProgress send(String topic, RecordSource.Opener records)
      throws InterruptedException {
    return sent(new SendOrder(topic, SendOrder.Acks.ALL, records));
  }

  private static SendProgress sent(SendOrder order) throws InterruptedException {
    BlockingQueue<SendProgress> ends = new LinkedBlockingQueue<>();
    cluster
        .data()
        .send(
            order,
            progress -> {
              if (progress.state().ended()) {
                ends.add(progress);
              }
            });
    SendProgress end = ends.poll(PATIENCE_S, TimeUnit.SECONDS);
    assertThat(end).as("the sending's end").isNotNull();
    return end;
  }

  private static NewRecord numbered(long number) {
    return new NewRecord(
        Optional.empty(),
        Optional.empty(),
        utf8("k" + number % 7),
        utf8("v" + number),
        List.of(new DataRecord.Header("n", utf8(Long.toString(number)))));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Heard read(ReadQuery query) {
    Heard heard = new Heard();
    cluster.data().read(query, heard);
    return heard;
  }

  private static ReadQuery query(
      String topic, ReadQuery.Start start, Predicate<DataRecord> wanted, long matches, long most) {
    return new ReadQuery(topic, Optional.of(0), start, false, true, wanted, matches, most);
  }

  @Test
  void whatIsWrittenIsReadFromWhereOneLikes() throws Exception {
    topic("read", 1);
    SendProgress sent = send("read", RecordSource.of(5_000, KafkaDataTest::numbered));
    assertThat(sent.state()).isEqualTo(SendProgress.State.COMPLETE);
    assertThat(sent.acknowledged()).isEqualTo(5_000);
    assertThat(sent.newest().get(sent.newest().size() - 1).offset()).isEqualTo(4_999);

    Heard all = read(ReadQuery.all("read"));
    assertThat(all.end().state()).isEqualTo(State.COMPLETE);
    assertThat(all.values()).hasSize(5_000).startsWith("v0").endsWith("v4999");
    DataRecord first = all.records.get(0);
    assertThat(RecordTexts.AUTO.key(first).text()).isEqualTo("k0");
    assertThat(first.headers()).hasSize(1);
    assertThat(first.leaderEpoch()).isZero();

    Heard last = read(query("read", new ReadQuery.Last(3), r -> true, 100, 100));
    assertThat(last.end().state()).isEqualTo(State.COMPLETE);
    assertThat(last.values()).containsExactly("v4997", "v4998", "v4999");

    Heard at = read(query("read", new ReadQuery.Offset(4_711), r -> true, 1, 100));
    assertThat(at.end().state()).isEqualTo(State.ENOUGH_MATCHES);
    assertThat(at.values()).containsExactly("v4711");

    Heard found =
        read(
            query(
                "read",
                new ReadQuery.Beginning(),
                new RecordFilter(RecordFilter.Where.VALUE, RecordFilter.How.EQUALS, "v321")
                    .by(RecordTexts.AUTO),
                1_000,
                1_000));
    ReadProgress end = found.end();
    assertThat(end.state()).isEqualTo(State.ENOUGH_READ);
    assertThat(end.read()).isEqualTo(1_000);
    assertThat(found.values()).containsExactly("v321");

    Heard time = read(query("read", new ReadQuery.Time(first.timestampMs()), r -> true, 1, 1));
    time.end();
    assertThat(time.values()).containsExactly("v0");
  }

  @Test
  void aTailHearsWhatComesAndStopsAtOnce() throws Exception {
    topic("tail", 2);
    Heard heard = new Heard();
    DataTask task =
        cluster
            .data()
            .read(
                new ReadQuery(
                    "tail",
                    Optional.empty(),
                    new ReadQuery.End(),
                    true,
                    true,
                    r -> true,
                    ReadQuery.UNLIMITED,
                    ReadQuery.UNLIMITED),
                heard);
    heard.await(progress -> progress.state() == State.WAITING);
    send("tail", RecordSource.of(List.of(numbered(1), numbered(2))));
    heard.await(progress -> progress.read() == 2);
    task.stop();
    assertThat(heard.end().state()).isEqualTo(State.STOPPED);
    send("tail", RecordSource.of(List.of(numbered(3))));
    assertThat(heard.values()).containsExactlyInAnyOrder("v1", "v2");
    assertThat(heard.told).isEmpty();
  }

  @Test
  void tombstonesPartitionsAndAcksAreAsOrdered() throws Exception {
    topic("order", 3);
    NewRecord tombstone =
        new NewRecord(Optional.of(2), Optional.of(77L), utf8("k"), null, List.of());
    sent(new SendOrder("order", SendOrder.Acks.LEADER, RecordSource.of(List.of(tombstone))));
    Heard heard = read(ReadQuery.all("order"));
    heard.end();
    DataRecord read = heard.records.get(0);
    assertThat(read.partition().partition()).isEqualTo(2);
    assertThat(read.timestampMs()).isEqualTo(77);
    assertThat(read.tombstone()).isTrue();

    SendProgress none =
        sent(new SendOrder("order", SendOrder.Acks.NONE, RecordSource.of(List.of(numbered(1)))));
    assertThat(none.acknowledged()).isEqualTo(1);
    assertThat(none.newest().get(0).offset()).isEqualTo(-1);
  }

  @Test
  void groupsTellWhatTheyCommitted() throws Exception {
    topic("grouped", 1);
    send("grouped", RecordSource.of(List.of(numbered(1))));
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                cluster.snapshot().bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "told",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class))) {
      consumer.subscribe(List.of("grouped"));
      while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {
        assertThat(consumer.subscription()).isNotEmpty();
      }
      consumer.commitSync();
    }
    Heard heard = read(ReadQuery.all("__consumer_offsets"));
    heard.end();
    List<String> told =
        heard.records.stream()
            .map(r -> RecordTexts.AUTO.key(r).text() + " " + RecordTexts.AUTO.value(r).text())
            .toList();
    assertThat(told)
        .anyMatch(
            text ->
                text.startsWith(
                    "{\"group\":\"told\",\"topic\":\"grouped\",\"partition\":0} {\"offset\":1,"))
        .anyMatch(text -> text.contains("\"assignment\":[\"grouped-0\"]"));
    assertThat(heard.records)
        .noneMatch(r -> RecordTexts.AUTO.key(r).kind() == RecordTexts.Kind.MISFIT);
  }

  @Test
  void whatCannotBeSaysWhy() throws Exception {
    assertThat(read(ReadQuery.all("no-such-topic")).end().reason())
        .isEqualTo("There is no topic no-such-topic.");
    topic("small", 1);
    SendProgress big =
        send(
            "small",
            RecordSource.of(
                List.of(
                    new NewRecord(
                        Optional.empty(),
                        Optional.empty(),
                        null,
                        new byte[2 * 1024 * 1024],
                        List.of()))));
    assertThat(big.state()).isEqualTo(SendProgress.State.FAILED);
    assertThat(big.reason()).startsWith("RecordTooLarge");

    KafkaData nobody = new KafkaData(() -> "", System::nanoTime);
    Heard heard = new Heard();
    nobody.read(ReadQuery.all("t"), heard);
    assertThat(heard.end().reason()).isEqualTo("No broker is running. Start one first.");
    nobody.close();
    Heard late = new Heard();
    nobody.read(ReadQuery.all("t"), late);
    assertThat(late.end().reason()).isEqualTo("The cluster is being closed.");
  }
}
