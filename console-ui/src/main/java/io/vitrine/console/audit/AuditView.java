package io.vitrine.console.audit;

import io.vitrine.console.control.RowTable;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The audit log as a table, the newest change first. JavaFX thread only. */
public final class AuditView implements Screen {
  private static final int MOST = 2_000;
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  private final Messages texts;
  private final AuditTrail trail;
  private final Work work;
  private final Desk desk;
  private final ZoneId zone;
  private final VBox root = new VBox();
  private final TextField filter = new TextField();
  private final Button copyOne = new Button();
  private final Button copyAll = new Button();
  private final RowTable<AuditLine> table;
  private List<AuditLine> lines = List.of();
  private long read = -1;

  /** The view; times of day are of this zone. */
  public AuditView(Locale locale, ZoneId zone, AuditTrail trail, Work work, Desk desk) {
    this.texts = Messages.of(AuditView.class, locale);
    this.trail = trail;
    this.work = work;
    this.desk = desk;
    this.zone = zone;
    this.table = new RowTable<>("audit", texts.get("title"), AuditLine::number, line -> {});
    columns();
    root.getStyleClass().add("page");
    root.setId("audit-view");
    Label where = new Label(texts.get("kept-in", trail.file()));
    where.getStyleClass().add("caption");
    VBox.setVgrow(table, Priority.ALWAYS);
    root.getChildren().addAll(head(), table, where);
    table.placeholder(texts.get("loading"));
    showButtons();
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame frame) {
    long version = trail.version();
    if (version != read) {
      read = version;
      work.begin("audit", () -> trail.newest(MOST), this::loaded, this::failed);
    }
  }

  @Override
  public void focusFilter() {
    filter.requestFocus();
    filter.selectAll();
  }

  @Override
  public List<Key> keys() {
    return List.of(new Key("Enter", texts.get("copy-one")));
  }

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    filter.setId("audit-filter");
    filter.setPromptText(texts.get("filter"));
    filter.setAccessibleText(texts.get("filter"));
    filter.textProperty().addListener((o, before, after) -> draw());
    copyOne.setText(texts.get("copy-one"));
    copyOne.setId("audit-copy");
    copyOne.setOnAction(e -> copyChosen());
    copyAll.setText(texts.get("copy-all"));
    copyAll.setId("audit-copy-all");
    copyAll.setOnAction(e -> desk.copy(AuditLine.script(table.getItems())));
    for (Button button : List.of(copyOne, copyAll)) {
      button.getStyleClass().add("compact");
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    HBox head = new HBox(8, title, spring, filter, copyOne, copyAll);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private void columns() {
    table.text(
        "when",
        texts.get("column-when"),
        150,
        false,
        Comparator.comparing(AuditLine::when),
        (label, line) -> {
          label.getStyleClass().addAll("small", "muted");
          label.setText(TIME.format(line.when().atZone(zone)));
        });
    table.text(
        "what",
        texts.get("column-what"),
        640,
        false,
        Comparator.comparing(AuditLine::text),
        (label, line) -> {
          label.getStyleClass().add("small");
          if (line.remark()) {
            label.getStyleClass().add("tone-warn");
          }
          label.setText(line.text());
        });
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener((o, before, chosen) -> showButtons());
    table.setOnMouseClicked(
        e -> {
          if (e.getClickCount() == 2) {
            copyChosen();
          }
        });
    table.addEventHandler(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (e.getCode() == KeyCode.ENTER) {
            copyChosen();
            e.consume();
          }
        });
  }

  private void loaded(List<AuditLine> newest) {
    lines = newest;
    draw();
  }

  private void failed(String reason) {
    lines = List.of();
    draw();
    table.placeholder(texts.get("failed", reason));
  }

  /** The newest comes first: what is already shown is taken out, so that it keeps its order. */
  private void draw() {
    String typed = filter.getText().toLowerCase(Locale.ROOT).trim();
    List<AuditLine> found =
        lines.stream().filter(l -> l.text().toLowerCase(Locale.ROOT).contains(typed)).toList();
    AuditLine chosen = table.getSelectionModel().getSelectedItem();
    if (table.getSortOrder().isEmpty()) {
      table.show(List.of());
    }
    table.show(found);
    table.choose(chosen == null ? null : chosen.number());
    table.placeholder(texts.get(typed.isEmpty() ? "empty" : "nothing-found"));
    showButtons();
  }

  private void showButtons() {
    copyOne.setDisable(table.getSelectionModel().getSelectedItem() == null);
    copyAll.setDisable(table.getItems().isEmpty());
  }

  private void copyChosen() {
    AuditLine line = table.getSelectionModel().getSelectedItem();
    if (line != null) {
      desk.copy(line.text());
    }
  }
}
