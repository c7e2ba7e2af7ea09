package io.vitrine.console.request;

import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.snapshot.ApiTimesView;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.console.control.FlowMap;
import io.vitrine.console.control.PipelineChart;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.control.StageBar;
import io.vitrine.console.live.Frame;
import io.vitrine.console.request.RequestPage.ApiRow;
import io.vitrine.console.request.RequestPage.PlaceRow;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/**
 * The pipeline as a picture or as a table, and below it where the time goes. JavaFX thread only.
 */
final class PipelineSide {
  private static final String[] STAGES = {
    "stage-queue", "stage-local", "stage-remote", "stage-response-queue", "stage-send"
  };

  private final Messages texts;
  private final Quantities quantities;
  private final Theme theme;
  private final PipelineChart chart;
  private final FlowMap flows;
  private final RowTable<PlaceRow> places;
  private final RowTable<ApiRow> apis;
  private final ToggleButton asTable = new ToggleButton();
  private final VBox root;

  PipelineSide(Messages texts, Quantities quantities, Theme theme, boolean motion) {
    this.texts = texts;
    this.quantities = quantities;
    this.theme = theme;
    this.chart = new PipelineChart(theme, texts.get("chart-accessible"));
    this.flows = new FlowMap(theme, motion);
    this.places =
        new RowTable<>(
            "pipeline-places",
            texts.get("places-accessible"),
            row -> List.of(row.place(), row.name()),
            row -> {});
    this.apis =
        new RowTable<>("pipeline-apis", texts.get("apis-accessible"), ApiRow::api, row -> {});
    placeColumns();
    apiColumns();
    places.setMinHeight(236);
    places.setPrefHeight(236);
    places.setMaxHeight(236);
    places.setVisible(false);
    apis.placeholder(texts.get("no-requests"));
    VBox.setVgrow(apis, Priority.ALWAYS);
    root = new VBox(10, new StackPane(chart, flows, places), legend(), apis);
  }

  Node node() {
    return root;
  }

  private Node legend() {
    Label heading = new Label(texts.get("times"));
    heading.getStyleClass().add("strong");
    HBox legend = new HBox(12, heading);
    legend.getStyleClass().add("toolbar");
    for (int i = 0; i < STAGES.length; i++) {
      Region dot = new Region();
      dot.getStyleClass().setAll("dot", "stage-" + (i + 1));
      Label name = new Label(texts.get(STAGES[i]), dot);
      name.getStyleClass().add("caption");
      legend.getChildren().add(name);
    }
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    asTable.setText(texts.get("as-table"));
    asTable.setId("pipeline-as-table");
    asTable.getStyleClass().add("chip");
    asTable.setOnAction(
        e -> {
          places.setVisible(asTable.isSelected());
          chart.setVisible(!asTable.isSelected());
          flows.setVisible(!asTable.isSelected());
        });
    legend.getChildren().addAll(spring, asTable);
    return legend;
  }

  private void placeColumns() {
    places.text(
        "place",
        texts.get("column-place"),
        170,
        false,
        Comparator.comparing(PlaceRow::place),
        (label, row) -> label.setText(texts.get("place-" + key(row.place().name()))));
    places.text(
        "place-name",
        texts.get("column-which"),
        100,
        false,
        Comparator.comparing(PlaceRow::name),
        (label, row) -> label.setText(row.name()));
    places.text(
        "place-now",
        texts.get("column-now"),
        80,
        true,
        Comparator.comparingLong(PlaceRow::now),
        (label, row) -> label.setText(quantities.count(row.now())));
    places.text(
        "place-most",
        texts.get("column-most"),
        90,
        true,
        Comparator.comparingLong(PlaceRow::most),
        (label, row) ->
            label.setText(row.most() < 0 ? texts.get("unbounded") : quantities.count(row.most())));
    places.text(
        "place-detail",
        texts.get("column-detail"),
        240,
        false,
        Comparator.comparing(PlaceRow::detail),
        (label, row) -> label.setText(row.detail()));
  }

  private void apiColumns() {
    apis.text(
        "api",
        texts.get("column-api"),
        130,
        false,
        Comparator.comparing(ApiRow::api),
        (label, row) -> label.setText(row.api()));
    apis.text(
        "api-rate",
        texts.get("column-rate"),
        72,
        true,
        Comparator.comparingDouble(row -> row.times().perSecond()),
        (label, row) -> label.setText(rate(row.times().perSecond())));
    apis.text(
        "api-count",
        texts.get("column-count"),
        74,
        true,
        Comparator.comparingLong(row -> row.times().count()),
        (label, row) -> label.setText(quantities.count(row.times().count())));
    apis.column(
        "api-bar",
        texts.get("column-parts"),
        140,
        false,
        Comparator.comparingDouble(row -> row.times().totalNanos()),
        () -> new StageBar(theme),
        (bar, row) -> bar.show(parts(row.times())));
    time("api-total", texts.get("column-total"), 74, ApiTimesView::totalNanos);
    time("api-queue", texts.get("stage-queue"), 66, ApiTimesView::queueNanos);
    time("api-local", texts.get("stage-local"), 66, ApiTimesView::localNanos);
    time("api-remote", texts.get("stage-remote"), 70, ApiTimesView::remoteNanos);
    time("api-response", texts.get("stage-response-queue"), 96, ApiTimesView::responseQueueNanos);
    time("api-send", texts.get("stage-send"), 66, ApiTimesView::sendNanos);
  }

  private void time(String id, String title, double width, ToDoubleFunction<ApiTimesView> nanos) {
    apis.text(
        id,
        title,
        width,
        true,
        Comparator.comparingDouble(row -> nanos.applyAsDouble(row.times())),
        (label, row) -> {
          label.setText(quantities.nanos(nanos.applyAsDouble(row.times())));
          if (row.times().perSecond() == 0) {
            label.getStyleClass().add("tone-idle");
          }
        });
  }

  private static double[] parts(ApiTimesView times) {
    return new double[] {
      times.queueNanos(),
      times.localNanos(),
      times.remoteNanos(),
      times.responseQueueNanos(),
      times.sendNanos()
    };
  }

  /** Draws a broker whose pipeline is known. */
  void show(BrokerView broker, Frame frame) {
    RequestSample requests = broker.requests();
    var threads = broker.pipeline().threads();
    double perSecond = RequestPage.perSecond(broker);
    chart.show(
        new PipelineChart.Picture(
            List.of(
                texts.get("place-connections"),
                texts.get("place-network-thread"),
                texts.get("place-request-queue"),
                texts.get("place-io-thread"),
                texts.get("place-purgatory")),
            requests.connections(),
            threads.networkThreads().stream()
                .map(
                    thread ->
                        new PipelineChart.Network(
                            thread.number() + "  " + thread.listener(),
                            texts.get("holds", thread.connections(), thread.responseQueueLength()),
                            thread.responseQueueLength()))
                .toList(),
            requests.requestQueueLength(),
            requests.requestQueueCapacity(),
            threads.requestsAside(),
            texts.get("aside", threads.requestsAside()),
            texts.get("idle"),
            threads.ioThreads().stream()
                .map(
                    thread ->
                        new PipelineChart.Worker(Integer.toString(thread.number()), thread.api()))
                .toList(),
            RequestPage.rooms(broker).entrySet().stream()
                .map(room -> new PipelineChart.Room(room.getKey(), room.getValue()))
                .toList(),
            texts.get(
                "way-back",
                requests.responseQueueLength(),
                quantities.bytesPerSecond(broker.rates().bytesOut()),
                quantities.bytesPerSecond(broker.rates().zeroCopyBytesOut())),
            List.of(
                quantities.bytesPerSecond(broker.rates().bytesIn()),
                texts.get("per-second", rate(perSecond)))));
    flows.show(chart.flows(perSecond, RequestPage.waitingPerSecond(broker)), frame.stands());
    places.show(RequestPage.places(broker));
    apis.show(RequestPage.apis(broker));
  }

  /** Where the time of the busiest API goes, with its numbers. */
  Optional<String> explain(BrokerView broker) {
    return RequestPage.apis(broker).stream()
        .findFirst()
        .map(
            row ->
                texts.get(
                    "rule-times",
                    row.api(),
                    quantities.nanos(row.times().totalNanos()),
                    quantities.nanos(row.times().queueNanos()),
                    quantities.nanos(row.times().localNanos()),
                    quantities.nanos(row.times().remoteNanos()),
                    quantities.nanos(row.times().responseQueueNanos()),
                    quantities.nanos(row.times().sendNanos())));
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond >= 100 ? "%,.0f" : "%.1f", perSecond);
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
