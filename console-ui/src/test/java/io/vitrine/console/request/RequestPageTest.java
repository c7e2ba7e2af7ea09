package io.vitrine.console.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.cluster.wire.WireField;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.request.RequestPage.Place;
import io.vitrine.console.request.RequestPage.PlaceRow;
import io.vitrine.console.request.RequestPage.WaitRow;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** M45, M47: what is shown of a pipeline follows from the snapshot. */
class RequestPageTest {
  private final ClusterSnapshot calm = SampleSnapshots.snapshot(Chapter.CALM);

  private static Frame later(ClusterSnapshot snapshot, long ms) {
    return new Frame(
        snapshot, List.of(), snapshot.nanos() + TimeUnit.MILLISECONDS.toNanos(ms), false);
  }

  private BrokerView broker(int id) {
    return calm.broker(id).orElseThrow();
  }

  @Test
  void theTableSaysWhatThePictureSays() {
    BrokerView broker = broker(1);
    List<PlaceRow> places = RequestPage.places(broker);

    assertThat(places)
        .filteredOn(row -> row.place() == Place.REQUEST_QUEUE)
        .extracting(PlaceRow::now, PlaceRow::most)
        .containsExactly(tuple((long) broker.requests().requestQueueLength(), 500L));
    assertThat(places).filteredOn(row -> row.place() == Place.NETWORK_THREAD).hasSize(3);
    assertThat(places).filteredOn(row -> row.place() == Place.IO_THREAD).hasSize(8);
    assertThat(places)
        .filteredOn(row -> row.place() == Place.IO_THREAD && row.now() == 1)
        .allMatch(row -> !row.detail().isEmpty());
    assertThat(places)
        .filteredOn(row -> row.place() == Place.PURGATORY)
        .extracting(PlaceRow::name)
        .containsExactly("Produce", "Fetch", "DeleteRecords");
  }

  @Test
  void theBusiestApiComesFirstAndItsPartsMakeItsTotal() {
    var first = RequestPage.apis(broker(1)).get(0);

    assertThat(first.api()).isEqualTo("Fetch");
    assertThat(first.times().perSecond()).isPositive();
    assertThat(first.times().totalNanos()).isCloseTo(400_000, within(1.0));
  }

  @Test
  void anApiNobodyAsksNowShowsItsMeansSinceTheStart() {
    var metadata =
        RequestPage.apis(broker(1)).stream()
            .filter(row -> row.api().equals("Metadata"))
            .findFirst()
            .orElseThrow();

    assertThat(metadata.times().perSecond()).isZero();
    assertThat(metadata.times().count()).isEqualTo(12);
    assertThat(metadata.times().totalNanos()).isCloseTo(150_000, within(1.0));
  }

  @Test
  void timeRunsOutForWhatWaitsBetweenSamples() {
    WaitRow now =
        RequestPage.waiting(broker(1), later(calm, 0)).stream()
            .filter(row -> row.operation().purgatory().equals("Fetch"))
            .findFirst()
            .orElseThrow();
    WaitRow then =
        RequestPage.waiting(broker(1), later(calm, 60)).stream()
            .filter(row -> row.operation().equals(now.operation()))
            .findFirst()
            .orElseThrow();

    assertThat(then.waitedMs()).isEqualTo(Math.min(500, now.waitedMs() + 60));
    assertThat(RequestPage.waiting(broker(1), later(calm, 60_000)))
        .allMatch(row -> row.leftMs() == 0 || row.operation().timeoutMs() > 500)
        .allMatch(row -> row.share() <= 1);
  }

  @Test
  void whatADeadBrokerIsAtCannotBeKnown() {
    ClusterSnapshot killed = SampleSnapshots.snapshot(Chapter.SESSION_RUNNING_OUT);

    assertThat(RequestPage.known(killed.broker(SampleSnapshots.VICTIM).orElseThrow())).isFalse();
    assertThat(RequestPage.known(killed.broker(1).orElseThrow())).isTrue();
  }

  @Test
  void theChosenBrokerIsShownAndThenTheLastOne() {
    assertThat(
            RequestPage.broker(calm, new Selection.Broker(3), OptionalInt.of(2)).orElseThrow().id())
        .isEqualTo(3);
    assertThat(
            RequestPage.broker(calm, new Selection.Controller(), OptionalInt.of(2))
                .orElseThrow()
                .id())
        .isEqualTo(2);
    assertThat(
            RequestPage.broker(calm, new Selection.Nothing(), OptionalInt.empty())
                .orElseThrow()
                .id())
        .isEqualTo(1);
    assertThat(
            RequestPage.broker(
                ClusterSnapshot.empty(), new Selection.Nothing(), OptionalInt.empty()))
        .isEmpty();
  }

  @Test
  void aByteLeadsToTheInnermostFieldThatHoldsIt() {
    WireField inner = field("inner", 4, 2, List.of());
    WireField outer = field("outer", 2, 6, List.of(inner));

    assertThat(RequestPage.fieldAt(List.of(outer), 5)).contains(inner);
    assertThat(RequestPage.fieldAt(List.of(outer), 7)).contains(outer);
    assertThat(RequestPage.fieldAt(List.of(outer), 8)).isEmpty();
  }

  private static WireField field(String name, int offset, int length, List<WireField> children) {
    return new WireField(name, WireField.Kind.STRUCT, "", "", offset, length, children);
  }
}
