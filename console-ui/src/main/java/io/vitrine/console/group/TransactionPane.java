package io.vitrine.console.group;

import io.vitrine.cluster.event.ClusterEvent.TransactionStage;
import io.vitrine.cluster.snapshot.TransactionsView;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.control.TimeMeter;
import io.vitrine.console.group.TransactionPage.OpenRow;
import io.vitrine.console.group.TransactionPage.TransactionRow;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme.Token;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** Transactional ids above, what waits for their markers below. JavaFX thread only. */
final class TransactionPane {
  /** Past this share of its time a transaction is in danger. */
  private static final double ALARMING = 0.66;

  private final Messages texts;
  private final Quantities quantities;
  private final RowTable<TransactionRow> transactions;
  private final RowTable<OpenRow> open;
  private final Label rates = new Label();
  private final Label demo = new Label();
  private final VBox root;
  private Optional<OpenRow> oldest = Optional.empty();

  TransactionPane(Messages texts, Quantities quantities, Selection selection) {
    this.texts = texts;
    this.quantities = quantities;
    transactions =
        new RowTable<>(
            "transactions",
            texts.get("transactions-accessible"),
            row -> row.view().id(),
            row -> selection.choose(new Selection.Transaction(row.view().id())));
    open =
        new RowTable<>(
            "open-transactions",
            texts.get("open-accessible"),
            row ->
                List.of(row.open().partition(), row.open().producerId(), row.open().firstOffset()),
            row -> selection.choose(new Selection.Partition(row.open().partition())));
    transactionColumns();
    openColumns();
    rates.getStyleClass().add("muted");
    demo.getStyleClass().add("muted");
    Label heading = new Label(texts.get("open"));
    heading.getStyleClass().add("strong");
    open.setMinHeight(165);
    open.setPrefHeight(240);
    VBox.setVgrow(transactions, Priority.ALWAYS);
    root = new VBox(8, rates, transactions, heading, open, demo);
  }

  Node node() {
    return root;
  }

  private void transactionColumns() {
    transactions.text(
        "transaction-id",
        texts.get("column-transactional-id"),
        150,
        false,
        Comparator.comparing(row -> row.view().id()),
        (label, row) -> label.setText(row.view().id()));
    transactions.column(
        "transaction-state",
        texts.get("column-state"),
        140,
        false,
        Comparator.comparing(row -> row.view().stage()),
        Pill::new,
        this::stage);
    transactions.text(
        "transaction-producer",
        texts.get("column-producer"),
        110,
        true,
        Comparator.comparingLong(row -> row.view().producerId()),
        (label, row) -> label.setText(producer(row.view().producerId(), row.view().epoch())));
    transactions.text(
        "transaction-coordinator",
        texts.get("column-coordinator"),
        100,
        true,
        Comparator.comparingInt(row -> row.view().coordinator()),
        this::coordinator);
    transactions.column(
        "transaction-time",
        texts.get("column-open-for"),
        160,
        false,
        Comparator.comparingLong(TransactionRow::openMs),
        TimeMeter::new,
        this::time);
    transactions.text(
        "transaction-partitions",
        texts.get("column-partitions"),
        190,
        false,
        Comparator.comparingInt(row -> row.view().partitions().size()),
        (label, row) ->
            label.setText(
                row.view().partitions().stream()
                    .map(Object::toString)
                    .sorted()
                    .collect(Collectors.joining(", "))));
  }

  private void openColumns() {
    open.text(
        "open-partition",
        texts.get("column-partition"),
        140,
        false,
        Comparator.comparing(row -> row.open().partition().toString()),
        (label, row) -> label.setText(row.open().partition().toString()));
    open.text(
        "open-producer",
        texts.get("column-producer"),
        110,
        true,
        Comparator.comparingLong(row -> row.open().producerId()),
        (label, row) -> label.setText(producer(row.open().producerId(), row.open().epoch())));
    open.text(
        "open-first",
        texts.get("column-first"),
        110,
        true,
        Comparator.comparingLong(row -> row.open().firstOffset()),
        (label, row) -> label.setText(quantities.count(row.open().firstOffset())));
    open.text(
        "open-held",
        texts.get("column-held"),
        120,
        true,
        Comparator.comparingLong(OpenRow::heldBack),
        (label, row) -> label.setText(row.heldBack() < 0 ? "–" : quantities.count(row.heldBack())));
    open.text(
        "open-since",
        texts.get("column-since"),
        90,
        true,
        Comparator.comparingLong(OpenRow::sinceMs),
        (label, row) -> label.setText(quantities.millis(row.sinceMs())));
    open.column(
        "open-verdict",
        texts.get("column-verdict"),
        180,
        false,
        Comparator.comparing(row -> row.open().hanging()),
        Pill::new,
        (pill, row) ->
            pill.show(
                texts.get(row.open().hanging() ? "hanging" : "known"),
                row.open().hanging() ? Token.BAD : Token.OK));
  }

  /** Draws the transactional ids that hold this text. */
  void show(Frame frame, String text, Selection.Item chosen) {
    TransactionsView view = frame.snapshot().transactions();
    rates.setText(
        texts.get(
            "rates", view.ids(), rate(view.committedPerSecond()), rate(view.abortedPerSecond())));
    boolean empty = view.byId().isEmpty();
    transactions.placeholder(texts.get(empty ? "no-transactions" : "nothing-matches"));
    transactions.show(
        TransactionPage.transactions(frame).stream()
            .filter(row -> row.view().id().toLowerCase(Locale.ROOT).contains(text))
            .toList());
    transactions.choose(
        chosen instanceof Selection.Transaction transaction ? transaction.id() : null);
    open.placeholder(texts.get("nothing-open"));
    List<OpenRow> waiting = TransactionPage.open(frame);
    oldest = waiting.stream().max(Comparator.comparingLong(OpenRow::sinceMs));
    open.show(waiting);
    var counts = frame.snapshot().demo();
    demo.setText(
        counts.group().isEmpty()
            ? ""
            : texts.get(
                "demo-transfers",
                counts.transfersCommitted(),
                counts.transfersAborted(),
                counts.transfersReceived(),
                counts.transfersWrong()));
  }

  Optional<String> explain() {
    return Optional.of(
        oldest
            .map(
                row ->
                    texts.get(
                        "rule-lso",
                        row.open().partition().toString(),
                        quantities.count(row.open().firstOffset()),
                        row.heldBack() < 0 ? "–" : quantities.count(row.heldBack()),
                        producer(row.open().producerId(), row.open().epoch())))
            .orElseGet(() -> texts.get("rule-lso-free")));
  }

  private void stage(Pill pill, TransactionRow row) {
    TransactionStage stage = row.view().stage();
    Token tone =
        !row.coordinatorLives()
            ? Token.IDLE
            : switch (stage) {
              case ONGOING -> Token.ACCENT;
              case PREPARE_COMMIT, PREPARE_ABORT -> Token.WARN;
              case COMPLETE_COMMIT -> Token.OK;
              case COMPLETE_ABORT, EMPTY -> Token.IDLE;
            };
    pill.show(
        texts.get("transaction-" + stage.name().toLowerCase(Locale.ROOT).replace('_', '-')), tone);
  }

  private void coordinator(Label label, TransactionRow row) {
    label.setText(
        row.coordinatorLives()
            ? Integer.toString(row.view().coordinator())
            : texts.get("gone", Integer.toString(row.view().coordinator())));
    if (!row.coordinatorLives()) {
      label.getStyleClass().add("tone-warn");
    }
  }

  private void time(TimeMeter meter, TransactionRow row) {
    if (row.openMs() < 0) {
      meter.show(-1, false, "–");
    } else {
      meter.show(
          row.share(),
          row.share() > ALARMING,
          texts.get(
              "open-of",
              quantities.millis(row.openMs()),
              quantities.millis(row.view().timeoutMs())));
    }
  }

  private static String producer(long id, short epoch) {
    return id + " / " + epoch;
  }

  private static String rate(double perSecond) {
    return String.format(Locale.ROOT, "%.1f", perSecond);
  }
}
