package io.vitrine.console.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.Encoding;
import io.vitrine.cluster.data.NewRecord;
import io.vitrine.cluster.data.ReadProgress.State;
import io.vitrine.cluster.data.ReadQuery;
import io.vitrine.cluster.data.RecordFilter;
import io.vitrine.cluster.data.RecordSource;
import io.vitrine.cluster.data.RecordTexts;
import io.vitrine.cluster.data.SendOrder;
import io.vitrine.console.data.ReadForm.From;
import io.vitrine.console.data.ReadForm.Mode;
import io.vitrine.console.testing.FakeData;
import io.vitrine.console.testing.SampleRecords;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read, kept and written follows from forms and records. */
class DataModelTest {
  private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));

  private final FakeData data = new FakeData();
  private int ends;
  private final ReadModel model = new ReadModel(data, Runnable::run, () -> ends++);

  private static ReadForm form(Mode mode, From from, String argument, String most) {
    return new ReadForm(
        mode,
        "orders",
        Optional.of(2),
        from,
        argument,
        new RecordFilter(RecordFilter.Where.ANYWHERE, RecordFilter.How.CONTAINS, ""),
        RecordTexts.AUTO,
        true,
        most,
        "1,000");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21 09:00, 2026-11-21T00:00:00Z",
    "2026-11-21, 2026-11-20T15:00:00Z",
    "2026-11-21T09:00:30, 2026-11-21T00:00:30Z",
    "1795165260000, 2026-11-20T09:01:00Z",
    "-15m, 2026-11-21T11:45:00Z",
    "-1d, 2026-11-20T12:00:00Z"
  })
  void timesAreTakenAsPeopleWriteThem(String text, Instant instant) throws WrongInput {
    ReadQuery query = form(Mode.READ, From.TIME, text, "1").query(SEOUL, NOON);
    assertThat(query.start()).isEqualTo(new ReadQuery.Time(instant.toEpochMilli()));
  }

  @Test
  void formsBecomeQueries() throws WrongInput {
    ReadQuery tail = form(Mode.TAIL, From.LAST, "20", "nonsense").query(SEOUL, NOON);
    assertThat(tail.follow()).isTrue();
    assertThat(tail.mostMatches()).isEqualTo(ReadQuery.UNLIMITED);
    assertThat(tail.start()).isEqualTo(new ReadQuery.Last(20));
    ReadQuery read = form(Mode.READ, From.OFFSET, "4,711", "500").query(SEOUL, NOON);
    assertThat(read.start()).isEqualTo(new ReadQuery.Offset(4_711));
    assertThat(read.mostRead()).isEqualTo(1_000);
    ReadQuery compacted = form(Mode.COMPACTED, From.END, "", "").query(SEOUL, NOON);
    assertThat(compacted.start()).isEqualTo(new ReadQuery.Beginning());
  }

  @ParameterizedTest
  @CsvSource({
    "READ, OFFSET, -1, 10, wrong-number",
    "READ, OFFSET, '', 10, wrong-number",
    "READ, BEGINNING, '', 5001, wrong-number",
    "READ, TIME, noon, 10, wrong-time",
    "TAIL, LAST, 0, 10, wrong-number"
  })
  void whatCannotBeIsNamed(Mode mode, From from, String argument, String most, String key) {
    assertThatThrownBy(() -> form(mode, from, argument, most).query(SEOUL, NOON))
        .isInstanceOf(WrongInput.class)
        .hasMessageStartingWith(key);
  }

  private void begin(Mode mode) throws WrongInput {
    model.begin(
        form(mode, From.BEGINNING, "", "500").query(SEOUL, NOON),
        RecordTexts.AUTO,
        mode == Mode.COMPACTED);
  }

  @Test
  void theNewestStayAndTheRestIsCounted() throws WrongInput {
    begin(Mode.TAIL);
    data.tell(SampleRecords.orders(2, 0, 5_100), State.READING, 7, "");
    ReadModel.Page page = model.page();
    assertThat(page.rows()).hasSize(ReadModel.MOST_RECORDS);
    assertThat(page.rows().get(0).record().offset()).isEqualTo(100);
    assertThat(page.counts().forgotten()).isEqualTo(100);
    assertThat(page.progress().left()).isEqualTo(7);
    assertThat(model.page()).isSameAs(page);
  }

  @Test
  void memoryIsBoundedWhateverIsInARecord() {
    Kept kept = new Kept(100, 10_000, false);
    for (int i = 0; i < 50; i++) {
      kept.add(RecordRow.of(record(i, "k", "x".repeat(1_000)), i, RecordTexts.AUTO));
    }
    assertThat(kept.counts().kept()).isBetween(5, 9);
    kept.add(RecordRow.of(record(51, "k", "x".repeat(100_000)), 51, RecordTexts.AUTO));
    assertThat(kept.counts().kept()).isEqualTo(1);
  }

  @Test
  void compactionLeavesTheNewestOfEachKeyOfEachPartition() throws WrongInput {
    begin(Mode.COMPACTED);
    data.tell(
        List.of(
            record(0, "a", "1"),
            record(1, "b", "1"),
            record(2, "a", "2"),
            record(3, null, "nobody's"),
            new DataRecord(
                new TopicPartition("orders", 3), 0, 0, false, 0, utf8("a"), utf8("3"), List.of()),
            record(4, "b", null)),
        State.COMPLETE,
        0,
        "");
    ReadModel.Page page = model.page();
    assertThat(page.rows())
        .extracting(row -> row.record().partition().partition() + ":" + row.record().offset())
        .containsExactly("2:2", "3:0", "2:4");
    assertThat(page.counts()).isEqualTo(new Kept.Counts(3, 0, 2, 1, 1));
    assertThat(ends).isEqualTo(1);
    assertThat(model.running()).isFalse();
  }

  @Test
  void aNewReadingEndsTheOldOne() throws WrongInput {
    begin(Mode.TAIL);
    data.tell(SampleRecords.orders(2, 0, 3), State.WAITING, 0, "");
    begin(Mode.READ);
    assertThat(data.stops()).isEqualTo(1);
    assertThat(model.page().rows()).isEmpty();
    model.stop();
    assertThat(data.stops()).isEqualTo(2);
    model.stop();
    assertThat(data.stops()).isEqualTo(2);
  }

  @Test
  void rowsAreDecodedAnew() throws WrongInput {
    begin(Mode.READ);
    data.tell(List.of(record(0, "k", "v")), State.COMPLETE, 0, "");
    assertThat(model.page().rows().get(0).value().text()).isEqualTo("v");
    model.decoding(new RecordTexts(Encoding.TEXT, Encoding.HEX)).run();
    assertThat(model.page().rows().get(0).value().text()).isEqualTo("76");
  }

  @Test
  void aLineIsALineHoweverLongTheValue() {
    RecordRow row = RecordRow.of(record(0, "k", "a\nb\t" + "x".repeat(900)), 0, RecordTexts.AUTO);
    assertThat(row.value().text()).startsWith("a b x").endsWith("…").hasSizeLessThan(450);
  }

  private static WriteForm write(String key, String value, String headers, String count) {
    return new WriteForm(
        "orders",
        Optional.empty(),
        SendOrder.Acks.ALL,
        Optional.ofNullable(key),
        Encoding.TEXT,
        Optional.ofNullable(value),
        Encoding.TEXT,
        headers,
        count);
  }

  @Test
  void manyRecordsDifferByTheirNumber() throws Exception {
    SendOrder order = write("k{n}", "v{n}", "a: 1\n\nnothing\nurl: http://x", "3").order();
    List<String> values = new ArrayList<>();
    NewRecord last = null;
    try (RecordSource source = order.records().open()) {
      for (NewRecord next = source.next(); next != null; next = source.next()) {
        values.add(new String(next.value(), StandardCharsets.UTF_8));
        last = next;
      }
    }
    assertThat(values).containsExactly("v1", "v2", "v3");
    assertThat(last.key()).isEqualTo(utf8("k3"));
    assertThat(last.headers())
        .extracting(DataRecord.Header::key)
        .containsExactly("a", "nothing", "url");
    assertThat(last.headers().get(1).value()).isNull();
    assertThat(last.headers().get(2).value()).isEqualTo(utf8("http://x"));
  }

  @Test
  void wrongRecordsAreRefusedBeforeAnythingIsSent() {
    assertThatThrownBy(() -> write("k", "v", ": x", "1").order())
        .hasMessageStartingWith("wrong-header");
    assertThatThrownBy(() -> write("k", "v", "", "0").order())
        .hasMessageStartingWith("wrong-number");
    WriteForm hex =
        new WriteForm(
            "orders",
            Optional.empty(),
            SendOrder.Acks.ALL,
            Optional.empty(),
            Encoding.TEXT,
            Optional.of("xyz"),
            Encoding.HEX,
            "",
            "1");
    assertThatThrownBy(hex::order).hasMessageStartingWith("wrong-value");
  }

  @ParameterizedTest
  @CsvSource({"ann, 6", "김서연, 6", "4711, 50", "'', 3"})
  void keysFindTheirPartitionAsKafkasProducerWould(String key, int partitions) {
    assertThat(write(key, "v", "", "1").partitionOfKey(partitions))
        .hasValue(BuiltInPartitioner.partitionForKey(utf8(key), partitions));
    assertThat(write(null, "v", "", "1").partitionOfKey(partitions)).isEmpty();
  }

  @Test
  void bytesStandInLinesOfSixteen() {
    List<HexLine> lines = HexLine.of(utf8("key"), new byte[17]);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).letters()).isEqualTo("key");
    assertThat(lines.get(0).hex(1)).isEqualTo("65");
    assertThat(lines.get(2).position()).isEqualTo(16);
    assertThat(lines.get(2).hex(1)).isEmpty();
    assertThat(HexLine.of(null, null)).isEmpty();
  }

  private static DataRecord record(long offset, String key, String value) {
    return new DataRecord(
        new TopicPartition("orders", 2),
        offset,
        0,
        false,
        0,
        key == null ? null : utf8(key),
        value == null ? null : utf8(value),
        List.of());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
