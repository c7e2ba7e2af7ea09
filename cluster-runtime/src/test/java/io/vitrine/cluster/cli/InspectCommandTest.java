package io.vitrine.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.LogManagerSettings;
import io.vitrine.storage.LogObserver;
import io.vitrine.storage.StorageEnvironment;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.log.LogSettings;
import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.PartitionLog;
import io.vitrine.storage.testing.ManualScheduler;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** M75: {@code vitrine inspect} says what lies in a log directory. */
class InspectCommandTest {
  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void fill() throws IOException {
    Files.writeString(directory.resolve("meta.properties"), "version=0\nbroker.id=7\n");
    LogManager logs =
        LogManager.open(
            LogManagerSettings.defaults(List.of(directory)),
            topic -> LogSettings.defaults().with(s -> s.segmentBytes(600).indexIntervalBytes(100)),
            new StorageEnvironment(
                InstantSource.system(),
                System::nanoTime,
                new ManualScheduler(),
                new Random(1),
                new RealFiles(),
                new LogObserver() {},
                "broker-7-"));
    for (String topic : List.of("orders", "payments")) {
      PartitionLog log = logs.getOrCreate(new TopicPartition(topic, 0), Optional.empty(), true);
      for (int i = 0; i < 20; i++) {
        log.appendAsLeader(
            MemoryRecords.withRecords(
                Compression.NONE,
                new SimpleRecord(1_000L + i, bytes("key-" + i), bytes("value-" + i))),
            0,
            Origin.CLIENT);
      }
    }
    logs.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "inspect";
    all[1] = directory.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return new CommandLine(new VitrineCommand(settings -> 0))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all);
  }

  @Test
  void aPartitionThatIsNotThereIsNotSound() {
    assertThat(run("--check", "--partition", "typo-0")).isEqualTo(2);
    assertThat(out.toString()).doesNotContain("damage: none");
    assertThat(err.toString()).contains("has no partition typo-0");
  }

  @Test
  void whatCannotBeReadIsNotSound() throws IOException {
    Files.write(directory.resolve("recovery-point-offset-checkpoint"), new byte[] {'x'});
    assertThat(run("--check")).isEqualTo(1);
    assertThat(err.toString()).contains("recovery-point-offset-checkpoint");
  }

  @Test
  void namesThePartitions() {
    assertThat(run()).isZero();
    assertThat(out.toString()).contains("orders-0", "payments-0", "high watermark", "true");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void showsSegmentsBatchesRecordsAndFields() {
    assertThat(run("--partition", "orders-0")).isZero();
    assertThat(out.toString()).contains("segments of orders-0", "in use", "leader epochs");
    assertThat(run("--partition", "orders-0", "--segment", "0")).isZero();
    assertThat(out.toString()).contains("batches of segment 0", "0–0");
    assertThat(run("--partition", "orders-0", "--records", "--from", "13", "--limit", "2"))
        .isZero();
    assertThat(out.toString()).contains("key-13", "value-14").doesNotContain("value-15");
    assertThat(run("--partition", "orders-0", "--segment", "0", "--fields", "--limit", "1"))
        .isZero();
    assertThat(out.toString()).contains("17–20", "CRC-32C");
    assertThat(run("--partition", "orders-0", "--segment", "0", "--index")).isZero();
    assertThat(out.toString()).contains("indexes of segment 0", "position");
  }

  @Test
  void showsSoManyEntriesOfAnIndex() {
    assertThat(run("--partition", "orders-0", "--segment", "0", "--index", "--limit", "0"))
        .isZero();
    assertThat(out.toString()).contains("indexes of segment 0: none");
    assertThat(err.toString()).contains("there is more");
    assertThat(run("--partition", "orders-0", "--records", "--limit", "-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--limit must not be negative: -1");
  }

  @Test
  void showsIndexEntriesFromAnOffsetAsManyAsAsked() {
    assertThat(run("--partition", "orders-0", "--index", "--from", "10", "--limit", "1", "--json"))
        .isZero();
    assertThat(err.toString()).contains("there is more");
    assertThat(out.toString().split("points to", -1)).hasSize(2);
    assertThat(run("--partition", "orders-0", "--index", "--limit", "-1")).isEqualTo(2);
    assertThat(err.toString()).contains("--limit must not be negative: -1");
  }

  @Test
  void namesFilesThatNoLogCanHave() throws IOException {
    for (String name : List.of("99999999999999999999.log", "99999999999999999999.snapshot")) {
      Files.createFile(directory.resolve("orders-0").resolve(name));
    }
    assertThat(run("--partition", "orders-0")).isZero();
    assertThat(out.toString()).contains("segments of orders-0").doesNotContain("99999999");
    assertThat(err.toString())
        .contains("99999999999999999999.log is named after an offset above the largest there is")
        .contains("99999999999999999999.snapshot");
    assertThat(run("--check")).isEqualTo(1);
  }

  @Test
  void explainsLookups() {
    assertThat(run("--partition", "payments-0", "--explain-offset", "12")).isZero();
    assertThat(out.toString()).contains("offset index", "record at offset 12");
    assertThat(run("--partition", "payments-0", "--explain-timestamp", "1015")).isZero();
    assertThat(out.toString()).contains("time index", "record at offset 15");
  }

  @Test
  void writesJson() throws IOException {
    assertThat(run("--json")).isZero();
    JsonNode all = new ObjectMapper().readTree(out.toString());
    assertThat(all.get("partitions")).hasSize(2);
    assertThat(all.get("partitions").get(0).get("recovery point").asLong()).isEqualTo(20);
  }

  @Test
  void checksAndSaysWhatIsDamaged() throws IOException {
    assertThat(run("--check")).isZero();
    assertThat(out.toString()).contains("damage: none");
    Path log = directory.resolve("orders-0").resolve("00000000000000000000.log");
    Files.write(log, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    assertThat(run("--check")).isEqualTo(1);
    assertThat(out.toString()).contains(log.toString(), "3 bytes are left");
  }

  @Test
  void saysWhatIsMisused() {
    assertThat(run("--records")).isEqualTo(2);
    assertThat(err.toString()).contains("--partition is needed");
    assertThat(run("--partition", "nothing-0")).isEqualTo(2);
    assertThat(err.toString()).contains("no partition nothing-0");
    assertThat(run("--partition", "orders-0", "--segment", "5")).isEqualTo(2);
    assertThat(err.toString()).contains("no segment that begins at 5");
  }
}
