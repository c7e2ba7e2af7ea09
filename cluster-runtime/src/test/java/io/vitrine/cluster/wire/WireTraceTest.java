package io.vitrine.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WireTraceTest {
  private final WireTrace trace =
      new WireTrace(
          4,
          100,
          50,
          new WireDecoder() {
            @Override
            public List<WireField> request(WireExchange exchange) {
              return List.of();
            }

            @Override
            public List<WireField> answer(WireExchange exchange) {
              return List.of();
            }
          });

  @Test
  void isOffAtFirst() {
    assertThat(trace.isOn()).isFalse();
    trace.turn(true);
    assertThat(trace.isOn()).isTrue();
  }

  @Test
  void theOldestMakesRoom() {
    for (int i = 1; i <= 6; i++) {
      trace.begin(exchange("Fetch", "c" + i, 1));
    }

    assertThat(trace.newest(WireFilter.all(), 10))
        .extracting(WireExchange::id)
        .containsExactly(6L, 5L, 4L, 3L);
    assertThat(trace.exchange(2)).isEmpty();
    assertThat(trace.seen()).isEqualTo(6);
  }

  @Test
  void beyondTheirBoundTheOldestBytesGo() {
    trace.begin(exchange("Fetch", "a", 40));
    trace.begin(exchange("Fetch", "b", 40));
    trace.begin(exchange("Fetch", "c", 40));

    assertThat(trace.exchange(1).orElseThrow().request().kept()).isEqualTo(WireFrame.Kept.DROPPED);
    assertThat(trace.exchange(1).orElseThrow().request().sizeBytes()).isEqualTo(40);
    assertThat(trace.exchange(2).orElseThrow().request().head()).hasSize(40);
    assertThat(trace.exchange(3).orElseThrow().request().head()).hasSize(40);
  }

  @Test
  void anAnswerThatComesLateCountsToo() {
    long first = trace.begin(exchange("Fetch", "a", 40));
    trace.begin(exchange("Fetch", "b", 50));
    trace.change(
        first, before -> before.answeredWith(WireFrame.of(45, new byte[45]), List.of("NONE")));

    WireExchange answered = trace.exchange(first).orElseThrow();
    assertThat(answered.state()).isEqualTo(WireExchange.State.ANSWERED);
    assertThat(answered.keptBytes()).isZero();
    assertThat(answered.answer().sizeBytes()).isEqualTo(45);
    assertThat(trace.exchange(2).orElseThrow().keptBytes()).isEqualTo(50);
  }

  @Test
  void bytesThatWereDroppedDoNotComeBackWithTheAnswer() {
    long first = trace.begin(exchange("Fetch", "a", 40));
    trace.begin(exchange("Fetch", "b", 80));
    trace.change(first, before -> before.answeredWith(WireFrame.of(5, new byte[5]), List.of()));

    WireExchange answered = trace.exchange(first).orElseThrow();
    assertThat(answered.answered()).isTrue();
    assertThat(answered.answer().kept()).isEqualTo(WireFrame.Kept.DROPPED);
  }

  @Test
  void whatIsForgottenIsNotChanged() {
    for (int i = 1; i <= 5; i++) {
      trace.begin(exchange("Fetch", "c" + i, 1));
    }
    trace.change(1, before -> before.ended(WireExchange.State.LOST, WireTimes.none()));

    assertThat(trace.newest(WireFilter.all(), 10))
        .extracting(WireExchange::state)
        .containsOnly(WireExchange.State.UNDER_WAY);
  }

  @Test
  void clearedItForgetsAndCountsOn() {
    trace.begin(exchange("Fetch", "a", 40));
    trace.clear();
    assertThat(trace.newest(WireFilter.all(), 10)).isEmpty();
    trace.begin(exchange("Produce", "b", 60));
    trace.begin(exchange("Produce", "b", 40));
    assertThat(trace.newest(WireFilter.all(), 10))
        .extracting(WireExchange::id)
        .containsExactly(3L, 2L);
    assertThat(trace.exchange(2).orElseThrow().request().head()).hasSize(60);
  }

  @Test
  void filtersByBrokerApiTextAndError() {
    trace.begin(exchange("Fetch", "reader", 1));
    long failed = trace.begin(exchange("Produce", "writer", 1));
    trace.change(
        failed, before -> before.answeredWith(WireFrame.of(1, new byte[1]), List.of("NOT_LEADER")));

    assertThat(ids(new WireFilter(OptionalInt.of(9), "", "", false))).isEmpty();
    assertThat(ids(new WireFilter(OptionalInt.of(1), "Fetch", "", false))).containsExactly(1L);
    assertThat(ids(new WireFilter(OptionalInt.empty(), "", "WRIT", false))).containsExactly(2L);
    assertThat(ids(new WireFilter(OptionalInt.empty(), "", "not_lea", false))).containsExactly(2L);
    assertThat(ids(new WireFilter(OptionalInt.empty(), "", "", true))).containsExactly(2L);
    assertThat(trace.apis()).containsExactly("Fetch", "Produce");
  }

  @Test
  void writesBytesAsOtherToolsDo() {
    assertThat(WireText.hex("Kafka says hello!\n".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(
            "00000000: 4b61 666b 6120 7361 7973 2068 656c 6c6f  Kafka says hello\n"
                + "00000010: 210a                                     !.\n");
  }

  @Test
  void writesAnExchangeAsOneJsonObject() {
    WireField name = new WireField("name", WireField.Kind.TEXT, "a\"b\n", "", 0, 3, List.of());
    WireField one = new WireField("[0]", WireField.Kind.NUMBER, "7", "", 3, 1, List.of());
    WireField list = new WireField("list", WireField.Kind.ARRAY, "1", "", 3, 1, List.of(one));
    WireField body =
        new WireField("body", WireField.Kind.STRUCT, "", "", 0, 4, List.of(name, list));

    assertThat(WireText.json(exchange("Fetch", "me", 1), List.of(body), List.of()))
        .startsWith("{\"broker\":1,")
        .endsWith(
            "\"request\":{\"body\":{\"name\":\"a\\\"b\\u000a\",\"list\":[7]}},\"response\":{}}");
  }

  private List<Long> ids(WireFilter filter) {
    return trace.newest(filter, 10).stream().map(WireExchange::id).toList();
  }

  private static WireExchange exchange(String api, String clientId, int bytes) {
    return new WireExchange(
        0,
        1,
        1_000,
        api,
        1,
        5,
        clientId,
        "127.0.0.1:1",
        "c",
        "PLAINTEXT",
        "User:ANONYMOUS",
        "java 3.9.2",
        WireFrame.of(bytes, new byte[bytes]),
        WireExchange.State.UNDER_WAY,
        WireFrame.none(),
        List.of(),
        WireTimes.none());
  }
}
