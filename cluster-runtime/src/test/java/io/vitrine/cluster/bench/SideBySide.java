package io.vitrine.cluster.bench;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.WorkDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures Apache Kafka 3.9.2 and Vitrine side by side: the same ZooKeeper, the same JVM flags,
 * three brokers and ZooKeeper in one JVM, the runs taken in turns.
 *
 * <p>Prints for each: milliseconds from the start of the JVM until all brokers serve; heap in use
 * and resident memory after an idle while and a full collection; acknowledged MiB/s with acks=all,
 * three replicas and 1 KiB records; the longest silence between acknowledgements while one broker
 * is stopped in a controlled way. Argument: runs each (default 3); the figures are medians.
 */
public final class SideBySide {
  private static final List<String> FLAGS = List.of("-Xms64m", "-Xmx1g", "-XX:+UseSerialGC");
  private static final int RECORD_BYTES = 1024;
  private static final int WARM_UP_RECORDS = 100_000;
  private static final int RECORDS = 300_000;
  private static final int PARTITIONS = 6;
  private static final long IDLE_SECONDS = 10;
  private static final long GAP_LEAD_MS = 3_000;

  private SideBySide() {}

  public static void main(String[] args) throws Exception {
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    Comparison comparison = new Comparison();
    for (int run = 0; run < runs; run++) {
      measure(Comparison.Brand.KAFKA, KafkaClusterMain.class, comparison);
      measure(Comparison.Brand.VITRINE, VitrineClusterMain.class, comparison);
    }
    comparison.print();
  }

  private static void measure(Comparison.Brand brand, Class<?> main, Comparison comparison)
      throws Exception {
    Path directory = Files.createTempDirectory("side-by-side");
    long start = System.nanoTime();
    try (ChildJvm jvm =
        ChildJvm.start(
            System.getProperty("java.class.path"),
            FLAGS,
            main.getName(),
            BenchCluster.READY,
            List.of(directory.toString()))) {
      String bootstrap = jvm.awaitReady(60).substring(BenchCluster.READY.length());
      comparison.add(brand, "start to all serving, ms", (System.nanoTime() - start) / 1e6);
      TimeUnit.SECONDS.sleep(IDLE_SECONDS);
      comparison.add(brand, "heap in use, idle after GC, MiB", heapAfterFullCollection(jvm.pid()));
      comparison.add(brand, "resident memory, idle after GC, MiB", residentMiB(jvm.pid()));
      createTopic(bootstrap);
      produce(bootstrap, WARM_UP_RECORDS);
      comparison.add(
          brand, "acknowledged, acks=all rf 3 1 KiB, MiB/s", produce(bootstrap, RECORDS));
      comparison.add(
          brand, "longest ack gap, controlled shutdown, ms", longestGapDuringStop(bootstrap, jvm));
    } finally {
      WorkDirectory.delete(directory);
    }
  }

  private static void createTopic(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("bench", PARTITIONS, (short) 3)
                      .configs(Map.of("min.insync.replicas", "2"))))
          .all()
          .get();
    }
  }

  /** Sends as fast as the producer goes; returns acknowledged MiB a second. */
  private static double produce(String bootstrap, int records) throws Exception {
    byte[] value = new byte[RECORD_BYTES];
    new Random(1).nextBytes(value);
    AtomicLong failures = new AtomicLong();
    long start = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap)) {
      for (int i = 0; i < records; i++) {
        producer.send(
            new ProducerRecord<>("bench", i % PARTITIONS, null, value),
            (metadata, error) -> {
              if (error != null) {
                failures.incrementAndGet();
              }
            });
      }
      producer.flush();
      double seconds = (System.nanoTime() - start) / 1e9;
      if (failures.get() > 0) {
        throw new IllegalStateException(failures + " records were not acknowledged");
      }
      return records * (double) RECORD_BYTES / (1 << 20) / seconds;
    }
  }

  /**
   * A record each millisecond to every partition in turn; a broker is stopped meanwhile. The
   * longest silence of any one partition counts.
   */
  private static double longestGapDuringStop(String bootstrap, ChildJvm jvm) throws Exception {
    AtomicLongArray lastAck = new AtomicLongArray(PARTITIONS);
    AtomicLong longest = new AtomicLong();
    AtomicBoolean on = new AtomicBoolean(true);
    AtomicBoolean counting = new AtomicBoolean();
    byte[] value = new byte[RECORD_BYTES];
    Thread sender =
        new Thread(
            () -> {
              try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap)) {
                for (int i = 0; on.get(); i++) {
                  producer.send(
                      new ProducerRecord<>("bench", i % PARTITIONS, null, value),
                      (metadata, error) -> {
                        long now = System.nanoTime();
                        long before = lastAck.getAndSet(metadata.partition(), now);
                        if (counting.get() && error == null) {
                          longest.accumulateAndGet(now - before, Math::max);
                        }
                      });
                  LockSupport.parkNanos(1_000_000);
                }
              }
            },
            "sender");
    sender.start();
    TimeUnit.MILLISECONDS.sleep(GAP_LEAD_MS);
    counting.set(true);
    jvm.send("stop 3");
    TimeUnit.MILLISECONDS.sleep(2 * GAP_LEAD_MS);
    on.set(false);
    sender.join(Duration.ofSeconds(60).toMillis());
    return longest.get() / 1e6;
  }

  private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrap, "acks", "all"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static double heapAfterFullCollection(long pid) throws Exception {
    jcmd(pid, "GC.run");
    for (String line : jcmd(pid, "GC.heap_info").split("\n")) {
      if (line.contains("tenured generation") && line.contains("used")) {
        String used = line.replaceAll(".*used ([0-9]+)K.*", "$1");
        return Long.parseLong(used) / 1024.0;
      }
    }
    throw new IllegalStateException("no heap line from jcmd");
  }

  private static double residentMiB(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    throw new IllegalStateException("no VmRSS");
  }

  private static String jcmd(long pid, String command) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
