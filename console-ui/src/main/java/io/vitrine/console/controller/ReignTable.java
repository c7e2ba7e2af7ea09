package io.vitrine.console.controller;

import io.vitrine.cluster.snapshot.ControllerView.End;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.control.SpanBar;
import io.vitrine.console.controller.ControllerPage.Reign;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme.Token;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The ladder of epochs: a rung a controller, the newest on top. JavaFX thread only. */
final class ReignTable {
  private final Messages texts;
  private final Quantities quantities;
  private final RowTable<Reign> table;

  ReignTable(Messages texts, Quantities quantities, Times times, Selection selection) {
    this.texts = texts;
    this.quantities = quantities;
    table =
        new RowTable<Reign>(
                "controller-ladder",
                texts.get("ladder-accessible"),
                reign -> reign.view().epoch(),
                reign -> selection.choose(new Selection.Broker(reign.view().brokerId())))
            .newestFirst();
    table.text(
        "reign-epoch",
        texts.get("column-epoch"),
        64,
        true,
        Comparator.comparingInt(reign -> reign.view().epoch()),
        (label, reign) -> {
          label.setText(Integer.toString(reign.view().epoch()));
          label.getStyleClass().add("strong");
        });
    table.column(
        "reign-broker",
        texts.get("column-controller"),
        112,
        false,
        Comparator.comparingInt(reign -> reign.view().brokerId()),
        Pill::new,
        this::broker);
    table.text(
        "reign-elected",
        texts.get("column-elected"),
        104,
        false,
        Comparator.comparingLong(reign -> reign.view().startWallMs()),
        (label, reign) -> label.setText(times.clock(reign.view().startWallMs())));
    table.column(
        "reign-span",
        texts.get("column-span"),
        190,
        false,
        Comparator.comparingDouble(Reign::from),
        SpanBar::new,
        (bar, reign) ->
            bar.show(
                reign.from(), reign.to(), reign.lasts() ? SpanBar.State.NOW : SpanBar.State.PAST));
    table.text(
        "reign-held",
        texts.get("column-held"),
        84,
        true,
        Comparator.comparingLong(Reign::heldMs),
        (label, reign) -> label.setText(this.quantities.millis(reign.heldMs())));
    table.text(
        "reign-failover",
        texts.get("column-failover"),
        84,
        true,
        Comparator.comparingLong(reign -> reign.view().failoverMs()),
        (label, reign) ->
            label.setText(
                reign.view().failoverMs() < 0
                    ? "–"
                    : this.quantities.millis(reign.view().failoverMs())));
    table.text(
        "reign-end",
        texts.get("column-end"),
        220,
        false,
        Comparator.comparing(reign -> reign.view().end()),
        (label, reign) -> {
          label.setText(end(reign));
          label
              .getStyleClass()
              .add(reign.zombie() ? "tone-bad" : reign.lasts() ? "tone-ok" : "muted");
        });
  }

  RowTable<Reign> table() {
    return table;
  }

  void show(List<Reign> reigns) {
    table.placeholder(texts.get("nobody-yet"));
    table.show(reigns);
  }

  private void broker(Pill pill, Reign reign) {
    pill.show(
        texts.get("broker", Integer.toString(reign.view().brokerId())),
        reign.lasts() ? Token.OK : reign.zombie() ? Token.BAD : Token.IDLE);
  }

  private String end(Reign reign) {
    if (reign.zombie()) {
      return texts.get("end-zombie", reign.refused());
    }
    String how = texts.get("end-" + reign.view().end().name().toLowerCase(Locale.ROOT));
    return reign.view().end() == End.RESIGNED && !reign.view().reason().isEmpty()
        ? texts.get("end-because", how, reign.view().reason())
        : how;
  }
}
