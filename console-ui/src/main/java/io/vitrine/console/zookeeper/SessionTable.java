package io.vitrine.console.zookeeper;

import io.vitrine.console.control.RowTable;
import io.vitrine.console.control.TimeMeter;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.zookeeper.ZnodeModel.SessionRow;
import java.util.Comparator;
import java.util.List;

/** Sessions with what is left of their time. JavaFX thread only. */
final class SessionTable {
  /** Below this share a client that lives has missed its pings. */
  private static final double ALARMING = 0.4;

  private final Messages texts;
  private final Quantities quantities;
  private final RowTable<SessionRow> table;

  SessionTable(Messages texts, Quantities quantities, Selection selection) {
    this.texts = texts;
    this.quantities = quantities;
    table =
        new RowTable<>(
            "zookeeper-sessions",
            texts.get("sessions-accessible"),
            row -> row.session().id(),
            row ->
                selection.choose(
                    row.broker().isPresent()
                        ? new Selection.Broker(row.broker().getAsInt())
                        : new Selection.ZooKeeper()));
    table.text(
        "session-who",
        texts.get("column-who"),
        110,
        false,
        Comparator.comparing(this::who),
        (label, row) -> {
          label.setText(who(row));
          label.getStyleClass().add(row.broker().isPresent() ? "strong" : "muted");
        });
    table.text(
        "session-id",
        texts.get("column-session"),
        160,
        false,
        Comparator.comparingLong(row -> row.session().id()),
        (label, row) -> label.setText("0x" + Long.toHexString(row.session().id())));
    table.column(
        "session-left",
        texts.get("column-left"),
        190,
        false,
        Comparator.comparingLong(SessionRow::leftMs),
        TimeMeter::new,
        this::left);
    table.text(
        "session-member",
        texts.get("column-server"),
        80,
        true,
        Comparator.comparingInt(row -> row.session().member()),
        (label, row) ->
            label.setText(
                row.session().member() == 0 ? "–" : Integer.toString(row.session().member())));
    table.text(
        "session-address",
        texts.get("column-client"),
        140,
        false,
        Comparator.comparing(row -> row.session().address()),
        (label, row) -> {
          boolean cut = row.session().address().isEmpty();
          label.setText(cut ? texts.get("not-connected") : row.session().address());
          if (cut) {
            label.getStyleClass().add("tone-warn");
          }
        });
    table.text(
        "session-ephemerals",
        texts.get("column-ephemerals"),
        110,
        true,
        Comparator.comparingInt(row -> row.session().ephemerals()),
        (label, row) -> label.setText(quantities.count(row.session().ephemerals())));
  }

  RowTable<SessionRow> table() {
    return table;
  }

  /**
   * Shows sessions.
   *
   * @param known whether they can be known
   */
  void show(List<SessionRow> rows, boolean known) {
    table.placeholder(texts.get(known ? "no-sessions" : "sessions-untold"));
    table.show(rows);
  }

  private String who(SessionRow row) {
    return row.broker().isPresent()
        ? texts.get("broker", Integer.toString(row.broker().getAsInt()))
        : texts.get("other-client");
  }

  private void left(TimeMeter meter, SessionRow row) {
    meter.show(
        row.share(),
        row.share() < ALARMING,
        row.leftMs() < 0
            ? "–"
            : texts.get(
                "left-of",
                quantities.millis(row.leftMs()),
                quantities.millis(row.session().timeoutMs())));
  }
}
