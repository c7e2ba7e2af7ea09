package io.vitrine.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.cluster.data.DataRecord.Header;
import io.vitrine.cluster.data.RecordTexts.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.DoubleSerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes to text and back, searches, and files that lose nothing. */
class EncodingTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "TEXT, 주문 4711",
    "JSON, '{\"a\":[1,2]}'",
    "HEX, 00ff7f",
    "BASE64, AP9/",
    "SHORT, -2",
    "INTEGER, 2147483647",
    "LONG, -9223372036854775808",
    "FLOAT, 1.5",
    "DOUBLE, -0.25"
  })
  void whatIsWrittenIsReadAgain(Encoding encoding, String text) {
    assertThat(encoding.decode(encoding.encode(text))).contains(text);
  }

  @Test
  void numbersAreThoseOfKafkasSerializers() {
    try (LongSerializer longs = new LongSerializer();
        DoubleSerializer doubles = new DoubleSerializer()) {
      assertThat(Encoding.LONG.encode("4711")).isEqualTo(longs.serialize("t", 4711L));
      assertThat(Encoding.DOUBLE.encode("0.1")).isEqualTo(doubles.serialize("t", 0.1));
    }
  }

  @ParameterizedTest
  @CsvSource({"HEX, abc", "HEX, zz", "BASE64, a*b", "INTEGER, 1.5", "SHORT, 40000", "JSON, '{'"})
  void whatCannotBeIsRefused(Encoding encoding, String text) {
    assertThatThrownBy(() -> encoding.encode(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void guessesJsonTextAndHex() {
    assertThat(Encoding.guess(utf8("{\"a\":1}"))).isEqualTo(Encoding.JSON);
    assertThat(Encoding.guess(utf8("{a:1}"))).isEqualTo(Encoding.TEXT);
    assertThat(Encoding.guess(utf8("42"))).isEqualTo(Encoding.TEXT);
    assertThat(Encoding.guess(new byte[] {0, 1})).isEqualTo(Encoding.HEX);
    assertThat(Encoding.guess(new byte[] {(byte) 0xC3})).isEqualTo(Encoding.HEX);
  }

  @Test
  void bytesThatDoNotFitAreShownInHexAndMarked() {
    RecordTexts texts = new RecordTexts(Encoding.LONG, Encoding.JSON);
    DataRecord record = record(0, new byte[] {1, 2}, utf8("no json"));
    assertThat(texts.key(record)).isEqualTo(new RecordTexts.Text("0102", Kind.MISFIT));
    assertThat(texts.value(record).kind()).isEqualTo(Kind.MISFIT);
    assertThat(texts.value(record(0, null, null))).isEqualTo(new RecordTexts.Text("", Kind.NONE));
  }

  @Test
  void damagedRecordsOfKafkasOwnAreHex() {
    byte[] key = {0, 9, 1};
    DataRecord record =
        new DataRecord(
            new TopicPartition("__consumer_offsets", 0), 0, 0, false, 0, key, key, List.of());
    assertThat(RecordTexts.AUTO.key(record).kind()).isEqualTo(Kind.MISFIT);
    assertThat(RecordTexts.AUTO.value(record).kind()).isEqualTo(Kind.MISFIT);
  }

  @Test
  void searchesWhereAndHowItIsTold() {
    DataRecord record =
        new DataRecord(
            new TopicPartition("t", 0),
            1,
            0,
            false,
            0,
            utf8("Ann"),
            utf8("{\"city\":\"Seoul\"}"),
            List.of(new Header("trace", utf8("ab-12")), new Header("empty", null)));
    assertThat(found(record, RecordFilter.Where.ANYWHERE, RecordFilter.How.CONTAINS, "seo"))
        .isTrue();
    assertThat(found(record, RecordFilter.Where.KEY, RecordFilter.How.CONTAINS, "seo")).isFalse();
    assertThat(found(record, RecordFilter.Where.KEY, RecordFilter.How.EQUALS, "Ann")).isTrue();
    assertThat(found(record, RecordFilter.Where.KEY, RecordFilter.How.EQUALS, "ann")).isFalse();
    assertThat(found(record, RecordFilter.Where.HEADERS, RecordFilter.How.REGEX, "^ab-\\d+$"))
        .isTrue();
    assertThat(found(record, RecordFilter.Where.HEADERS, RecordFilter.How.CONTAINS, "EMPTY"))
        .isTrue();
    assertThatThrownBy(() -> found(record, RecordFilter.Where.KEY, RecordFilter.How.REGEX, "("))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean found(
      DataRecord record, RecordFilter.Where where, RecordFilter.How how, String text) {
    return new RecordFilter(where, how, text).by(RecordTexts.AUTO).test(record);
  }

  @Test
  void jsonLinesLoseNothing() throws Exception {
    DataRecord odd =
        new DataRecord(
            new TopicPartition("t", 3),
            7,
            1_700_000_000_000L,
            false,
            2,
            new byte[] {(byte) 0xFF, 0},
            utf8("two\nlines \"quoted\""),
            List.of(new Header("h", new byte[] {(byte) 0x80}), new Header("none", null)));
    Path file = folder.resolve("records.jsonl");
    RecordFiles.writeJsonLines(file, List.of(odd, record(8, utf8("gone"), null)));

    List<NewRecord> read = new ArrayList<>();
    try (RecordSource source = RecordFiles.read(file, RecordFiles.Format.JSON_LINES).open()) {
      for (NewRecord next = source.next(); next != null; next = source.next()) {
        read.add(next);
      }
    }
    assertThat(read).hasSize(2);
    assertThat(read.get(0).key()).isEqualTo(odd.key());
    assertThat(read.get(0).value()).isEqualTo(odd.value());
    assertThat(read.get(0).headers()).hasSize(2);
    assertThat(read.get(0).headers().get(0).value()).isEqualTo(new byte[] {(byte) 0x80});
    assertThat(read.get(0).headers().get(1).value()).isNull();
    assertThat(read.get(1).value()).isNull();
  }

  @Test
  void aWrongLineIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("wrong.jsonl"), "{\"value\":\"a\"}\n\n[1]\n");
    try (RecordSource source = RecordFiles.read(file, RecordFiles.Format.JSON_LINES).open()) {
      assertThat(source.next().value()).isEqualTo(utf8("a"));
      assertThatThrownBy(source::next)
          .hasMessage("wrong.jsonl, line 3: not an object with key and value");
    }
  }

  @Test
  void keysAndValuesStandBesideATab() throws Exception {
    Path file = Files.writeString(folder.resolve("plain.txt"), "k\tv\tw\nalone\n");
    try (RecordSource source = RecordFiles.read(file, RecordFiles.Format.KEYS_AND_VALUES).open()) {
      NewRecord first = source.next();
      assertThat(first.key()).isEqualTo(utf8("k"));
      assertThat(first.value()).isEqualTo(utf8("v\tw"));
      assertThat(source.next().key()).isNull();
      assertThat(source.next()).isNull();
    }
  }

  @Test
  void csvQuotesWhatHasToBe() throws Exception {
    Path file = folder.resolve("records.csv");
    RecordFiles.writeCsv(
        file, List.of(record(5, utf8("a,b"), utf8("say \"hi\""))), RecordTexts.AUTO);
    assertThat(file)
        .hasContent(
            "topic,partition,offset,timestamp,key,value,headers\r\n"
                + "t,0,5,1970-01-01T00:00:00Z,\"a,b\",\"say \"\"hi\"\"\",\r\n");
  }

  @Test
  void commandLinesAreOfToolsThatCan() {
    ReadQuery all = ReadQuery.all("orders");
    assertThat(DataCommandLine.of(all, "b:1"))
        .startsWith("kafka-console-consumer.sh --bootstrap-server b:1 --topic orders")
        .contains("--from-beginning", "--isolation-level read_committed");
    assertThat(DataCommandLine.of(ReadQuery.all("__consumer_offsets"), ""))
        .contains("localhost:9092", "OffsetsMessageFormatter");
    assertThat(
            DataCommandLine.of(
                new ReadQuery(
                    "orders",
                    Optional.of(2),
                    new ReadQuery.Last(50),
                    true,
                    false,
                    record -> true,
                    1,
                    100),
                "b:1"))
        .isEqualTo(
            "kcat -C -b b:1 -t orders -p 2 -o -50 -c 100 -X isolation.level=read_uncommitted -J");
    assertThat(
            DataCommandLine.send(
                "orders", Optional.of(1), "k", "it's", List.of(), SendOrder.Acks.ALL, 1, "b:1"))
        .isEqualTo("kcat -P -b b:1 -t orders -p 1 -X acks=all -k k <(printf %s 'it'\\''s')");
    assertThat(
            DataCommandLine.send(
                "orders", Optional.empty(), "k", null, List.of(), SendOrder.Acks.NONE, 2, "b:1"))
        .isEqualTo(
            "for n in $(seq 2); do printf '%s\\t\\n' k | kcat -P -b b:1 -t orders -X acks=0"
                + " -K '\\t' -Z; done");
    assertThat(
            DataCommandLine.send(
                "orders", Optional.empty(), null, "v{n}", List.of(), SendOrder.Acks.ALL, 2, "b:1"))
        .isEqualTo(
            "for n in $(seq 2); do kcat -P -b b:1 -t orders -X acks=all"
                + " <(printf %s 'v'$n''); done");
  }

  private static DataRecord record(long offset, byte[] key, byte[] value) {
    return new DataRecord(new TopicPartition("t", 0), offset, 0, false, 0, key, value, List.of());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void sizesCountWhatIsThere() {
    assertThat(record(0, ByteBuffer.allocate(8).array(), null).sizeBytes()).isEqualTo(8);
  }
}
