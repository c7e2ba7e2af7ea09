package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments of brokers before 0.11: nothing here reads them, and nothing may delete them either. */
class OldMessagesTest {
  private static final String FIRST = "t-0/00000000000000000000.log";

  private final LogFixture fixture = new LogFixture();

  @TempDir Path directory;

  static Stream<Arguments> atTheBeginning() {
    return Stream.of(false, true)
        .flatMap(
            clean ->
                Stream.of(CompressionType.NONE, CompressionType.GZIP)
                    .flatMap(
                        codec ->
                            Stream.of(RecordBatch.MAGIC_VALUE_V0, RecordBatch.MAGIC_VALUE_V1)
                                .map(magic -> Arguments.of(clean, codec, magic))));
  }

  private static byte[] messages(long base, CompressionType codec, byte magic) {
    boolean timed = magic == RecordBatch.MAGIC_VALUE_V1;
    try (MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(1000),
            magic,
            Compression.of(codec).build(),
            timed ? TimestampType.CREATE_TIME : TimestampType.NO_TIMESTAMP_TYPE,
            base)) {
      long timestamp = timed ? LogFixture.NOW_MS : RecordBatch.NO_TIMESTAMP;
      // Longer than what is read at once.
      builder.append(timestamp, null, new byte[100_000]);
      builder.append(timestamp, LogFixture.bytes("k"), LogFixture.bytes("v"));
      ByteBuffer bytes = builder.build().buffer();
      byte[] all = new byte[bytes.remaining()];
      bytes.get(all);
      return all;
    }
  }

  private Path first(byte[] bytes) throws IOException {
    Path segment = directory.resolve(FIRST);
    Files.createDirectories(segment.getParent());
    return Files.write(segment, bytes);
  }

  private void isRefusedAndLeftAlone(boolean clean, long position) throws IOException {
    byte[] before = Files.readAllBytes(directory.resolve(FIRST));

    assertThatThrownBy(() -> fixture.open(directory, LogSettings.defaults(), clean))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(directory.resolve(FIRST).toString())
        .hasMessageContaining("from byte " + position + " on");

    assertThat(directory.resolve(FIRST)).hasBinaryContent(before);
  }

  @ParameterizedTest
  @MethodSource
  void atTheBeginning(boolean clean, CompressionType codec, byte magic) throws IOException {
    first(messages(0, codec, magic));

    isRefusedAndLeftAlone(clean, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void inASealedSegmentThatIsNotRecovered(boolean clean) throws IOException {
    PartitionLog log = fixture.open(directory, LogSettings.defaults(), true);
    LogFixture.append(log, 0, "a", "b");
    log.roll();
    LogFixture.append(log, 0, "c");
    log.close();
    first(messages(0, CompressionType.NONE, RecordBatch.MAGIC_VALUE_V1));

    isRefusedAndLeftAlone(clean, 0);
  }

  @Test
  void behindBatches() throws IOException {
    PartitionLog log = fixture.open(directory, LogSettings.defaults(), true);
    LogFixture.append(log, 0, "a", "b");
    long end = log.sizeBytes();
    log.close();
    Files.write(
        directory.resolve(FIRST),
        messages(2, CompressionType.NONE, RecordBatch.MAGIC_VALUE_V1),
        StandardOpenOption.APPEND);

    isRefusedAndLeftAlone(false, end);
  }

  @Test
  void aDamagedMessageIsCutAsAnyOtherDamage() throws IOException {
    byte[] damaged = messages(0, CompressionType.NONE, RecordBatch.MAGIC_VALUE_V1);
    damaged[50]++;
    Path segment = first(damaged);

    fixture.open(directory, LogSettings.defaults(), false).close();

    assertThat(segment).isEmptyFile();
  }
}
