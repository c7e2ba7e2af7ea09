package io.vitrine.console.metric;

import io.vitrine.console.control.RowTable;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import javafx.scene.Node;

/** What the charts show, in words and numbers: a row a line. JavaFX thread only. */
final class MetricTable {
  /** A line of a chart. */
  record Row(MetricChart chart, SeriesKey key, Sheet.Summary summary) {
    /** What a row is, whatever it says. */
    List<Object> id() {
      return List.of(chart, key);
    }
  }

  private final Messages texts;
  private final Quantities quantities;
  private final RowTable<Row> table;

  MetricTable(Messages texts, Quantities quantities) {
    this.texts = texts;
    this.quantities = quantities;
    this.table = new RowTable<>("metrics-table", texts.get("table-accessible"), Row::id, row -> {});
    table.placeholder(texts.get("nothing-recorded"));
    table.text(
        "metric-chart",
        texts.get("column-metric-chart"),
        210,
        false,
        Comparator.comparing(Row::chart),
        (label, row) -> label.setText(texts.get("chart-" + row.chart().id())));
    table.text(
        "metric-line",
        texts.get("column-metric-line"),
        150,
        false,
        Comparator.comparing(row -> MetricCard.name(row.key(), texts)),
        (label, row) -> label.setText(MetricCard.name(row.key(), texts)));
    value("metric-now", Sheet.Summary::newest);
    value("metric-least", Sheet.Summary::least);
    value("metric-mean", Sheet.Summary::mean);
    value("metric-most", Sheet.Summary::most);
  }

  private void value(String id, ToDoubleFunction<Sheet.Summary> of) {
    table.text(
        id,
        texts.get("column-" + id),
        96,
        true,
        Comparator.comparingDouble(row -> of.applyAsDouble(row.summary())),
        (label, row) -> {
          // A mean of whole numbers need not be one.
          Unit unit =
              row.chart().unit() == Unit.COUNT && id.equals("metric-mean")
                  ? Unit.MEAN_COUNT
                  : row.chart().unit();
          label.setText(unit.text(of.applyAsDouble(row.summary()), quantities));
        });
  }

  Node node() {
    return table;
  }

  void show(List<Sheet> sheets) {
    List<Row> rows = new ArrayList<>();
    for (Sheet sheet : sheets) {
      sheet
          .lines()
          .forEach((key, line) -> rows.add(new Row(sheet.chart(), key, Sheet.summary(line))));
    }
    table.show(rows);
  }
}
