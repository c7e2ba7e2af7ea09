package io.vitrine.console.testing;

import io.vitrine.cluster.testing.SampleSnapshots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * A log directory of a broker that was stopped, the same on every run: orders-0 of six segments of
 * ten days and an older one that waits to be unlinked, profiles-0 to be compacted, and broken-0
 * with a byte that is wrong.
 */
public final class SampleLogs {
  /** When its newest record was written. */
  public static final long NEWEST_MS = SampleSnapshots.START.toEpochMilli();

  /** Where orders-0 begins. */
  public static final int FIRST_ORDER = 1_000;

  /** Where orders-0 ends. */
  public static final int ORDERS = 7_000;

  private static final long DAY_MS = 24L * 60 * 60 * 1000;
  private static final int INDEX_INTERVAL = 4_096;

  private final Path directory;
  private final Random random = new Random(11);

  private SampleLogs(Path directory) {
    this.directory = directory;
  }

  /** Writes the directory; what was there before is gone. */
  public static Path write(Path directory) throws IOException {
    delete(directory);
    Files.createDirectories(directory);
    new SampleLogs(directory).write();
    return directory;
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private void write() throws IOException {
    orders();
    profiles();
    broken();
    text("meta.properties", "version=0", "broker.id=1", "cluster.id=Vx3kQ0sLRmu2m9yD1aZcXw");
    text(".kafka_cleanshutdown", "{\"version\":0,\"brokerEpoch\":-1}");
    for (String name :
        List.of("recovery-point-offset-checkpoint", "replication-offset-checkpoint")) {
      text(name, "0", "3", "orders 0 " + ORDERS, "profiles 0 900", "broken 0 200");
    }
    text("log-start-offset-checkpoint", "0", "0");
    text("cleaner-offset-checkpoint", "0", "1", "profiles 0 0");
  }

  private void orders() throws IOException {
    Path partition = partition("orders-0", "pQ2tIkkGR0yVVrP5cE1x3A", "0 0", "1 2000", "3 5000");
    int each = 1_000;
    for (int i = 0; i < 7; i++) {
      Segment segment = new Segment(partition, (long) i * each);
      long newest = NEWEST_MS - (6 - i) * 2 * DAY_MS;
      for (int r = 0; r < each; r += 10) {
        SimpleRecord[] records = new SimpleRecord[10];
        for (int j = 0; j < records.length; j++) {
          records[j] =
              new SimpleRecord(
                  newest - (each - r - j) * 60_000L,
                  bytes("order-" + (i * each + r + j)),
                  bytes(order(40 + 30 * i)));
        }
        int epoch = i < 2 ? 0 : i < 5 ? 1 : 3;
        segment.append(
            MemoryRecords.withRecords(
                (long) i * each + r,
                i == 4 ? Compression.lz4().build() : Compression.NONE,
                epoch,
                records),
            records[records.length - 1].timestamp());
      }
      segment.write();
    }
    for (String ending : List.of(".log", ".index", ".timeindex")) {
      String name = String.format("%020d", 0) + ending;
      Files.move(partition.resolve(name), partition.resolve(name + ".deleted"));
    }
  }

  private String order(int length) {
    StringBuilder text =
        new StringBuilder("{\"customer\":" + random.nextInt(1_000) + ",\"items\":[");
    while (text.length() < length) {
      text.append(random.nextInt(10_000)).append(',');
    }
    return text.append("0]}").toString();
  }

  private void profiles() throws IOException {
    Path partition = partition("profiles-0", "Zr8sLk5dwQ2tIkkGR0yVVA", "0 0");
    for (int i = 0; i < 3; i++) {
      Segment segment = new Segment(partition, i * 300L);
      for (int r = 0; r < 300; r++) {
        SimpleRecord record =
            new SimpleRecord(
                NEWEST_MS - (900 - i * 300 - r) * 1_000L,
                bytes("user-" + random.nextInt(60)),
                random.nextInt(6) == 0 ? null : bytes("profile " + random.nextInt(1_000)));
        segment.append(
            MemoryRecords.withRecords(i * 300L + r, Compression.NONE, 0, record),
            record.timestamp());
      }
      segment.write();
    }
  }

  private void broken() throws IOException {
    Path partition = partition("broken-0", "k5dwQ2tIkkGR0yVVAZr8sL", "0 0");
    Segment segment = new Segment(partition, 0);
    for (int r = 0; r < 200; r++) {
      segment.append(
          MemoryRecords.withRecords(
              r,
              Compression.NONE,
              0,
              new SimpleRecord(NEWEST_MS - 200 + r, bytes("k"), bytes("v" + r))),
          NEWEST_MS - 200 + r);
    }
    segment.write();
    Path log = partition.resolve("00000000000000000000.log");
    byte[] bytes = Files.readAllBytes(log);
    bytes[7_215] ^= 0x40;
    Files.write(log, bytes);
  }

  private Path partition(String name, String topicId, String... epochs) throws IOException {
    Path partition = Files.createDirectories(directory.resolve(name));
    Files.writeString(partition.resolve("partition.metadata"), "version: 0\ntopic_id: " + topicId);
    Files.writeString(
        partition.resolve("leader-epoch-checkpoint"),
        "0\n" + epochs.length + "\n" + String.join("\n", epochs) + "\n");
    return partition;
  }

  private void text(String name, String... lines) throws IOException {
    Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A segment that is being written, with its indexes by Kafka's rule. */
  private static final class Segment {
    private final Path partition;
    private final long base;
    private final ByteBuffer log = ByteBuffer.allocate(1 << 20);
    private final ByteBuffer offsets = ByteBuffer.allocate(1 << 14);
    private final ByteBuffer times = ByteBuffer.allocate(1 << 14);
    private int sinceEntry;
    private long newest;
    private long last;

    Segment(Path partition, long base) {
      this.partition = partition;
      this.base = base;
    }

    void append(MemoryRecords batch, long timestampMs) {
      last = batch.batches().iterator().next().lastOffset();
      newest = timestampMs;
      if (sinceEntry > INDEX_INTERVAL) {
        offsets.putInt((int) (last - base)).putInt(log.position());
        times.putLong(newest).putInt((int) (last - base));
        sinceEntry = 0;
      }
      sinceEntry += batch.sizeInBytes();
      log.put(batch.buffer().duplicate());
    }

    void write() throws IOException {
      if (times.position() == 0 || times.getLong(times.position() - 12) < newest) {
        times.putLong(newest).putInt((int) (last - base));
      }
      write(".log", log);
      write(".index", offsets);
      write(".timeindex", times);
    }

    private void write(String ending, ByteBuffer bytes) throws IOException {
      byte[] all = new byte[bytes.position()];
      bytes.flip().get(all);
      Files.write(partition.resolve(String.format("%020d", base) + ending), all);
    }
  }
}
