package io.vitrine.console.reference;

import io.vitrine.cluster.snapshot.TopicView;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.text.Messages;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/**
 * Terms on one side, settings on the other: a list that is narrowed by typing, and the article
 * beside it. JavaFX thread only.
 */
public final class ReferenceView implements Screen {
  /** The view's name in the rail. */
  public static final String ID = "reference";

  private final Messages texts;
  private final Desk desk;
  private final Articles articles;
  private final ToggleButton termsSide = new ToggleButton();
  private final ToggleButton settingsSide = new ToggleButton();
  private final TextField filter = new TextField();
  private final ListView<Article> list = new ListView<>();
  private final Label name = new Label();
  private final Label other = new Label();
  private final Label text = new Label();
  private final GridPane facts = new GridPane();
  private final FlowPane links = new FlowPane(6, 6);
  private final VBox article = new VBox(12);
  private final VBox root = new VBox();
  private Map<String, String> shownValues = Map.of();
  private Frame newest;

  /** The view. */
  public ReferenceView(Locale locale, Desk desk) {
    this.texts = Messages.of(ReferenceView.class, locale);
    this.desk = desk;
    this.articles = new Articles(locale);
    root.getStyleClass().add("page");
    root.setId("reference-view");
    HBox body = new HBox(14, list(), article());
    VBox.setVgrow(body, Priority.ALWAYS);
    root.getChildren().addAll(head(), body);
    turn(false);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame frame) {
    newest = frame;
    Article shown = list.getSelectionModel().getSelectedItem();
    if (shown != null && !valuesOf(shown).equals(shownValues)) {
      draw(shown);
    }
  }

  @Override
  public void focusFilter() {
    filter.requestFocus();
    filter.selectAll();
  }

  @Override
  public Optional<String> explain() {
    return Optional.ofNullable(list.getSelectionModel().getSelectedItem()).map(Article::text);
  }

  /** Everything here, for the palette. */
  public ReferenceEntries entries() {
    return new ReferenceEntries(articles, texts, this::open);
  }

  /** Turns to an article. */
  void open(String id) {
    articles
        .find(id)
        .ifPresent(
            found -> {
              filter.clear();
              turn(!articles.terms().contains(found));
              list.getSelectionModel().select(found);
              list.scrollTo(Math.max(0, list.getSelectionModel().getSelectedIndex() - 3));
              desk.openView(ID);
              list.requestFocus();
            });
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    ToggleGroup sides = new ToggleGroup();
    side(termsSide, sides, "side-terms", articles.terms().size(), false);
    side(settingsSide, sides, "side-settings", articles.settings().size(), true);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    filter.setPromptText(texts.get("filter"));
    filter.setAccessibleText(texts.get("filter"));
    filter.setId("reference-filter");
    filter.setPrefWidth(200);
    filter.textProperty().addListener((o, before, after) -> narrow());
    filter.addEventFilter(
        KeyEvent.KEY_PRESSED,
        e -> {
          if (e.getCode() == KeyCode.DOWN) {
            list.requestFocus();
            e.consume();
          }
        });
    HBox head = new HBox(10, title, termsSide, settingsSide, spring, filter);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private void side(ToggleButton button, ToggleGroup sides, String key, int size, boolean right) {
    button.setId(key);
    button.setText(texts.get(key, size));
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.getStyleClass().add("chip");
    button.setToggleGroup(sides);
    button.setOnAction(e -> turn(right));
  }

  private Node list() {
    list.setId("reference-list");
    list.setAccessibleText(texts.get("title"));
    list.setPrefWidth(300);
    list.setMinWidth(150);
    list.setMaxWidth(360);
    HBox.setHgrow(list, Priority.ALWAYS);
    Label nothing = new Label(texts.get("nothing"));
    nothing.getStyleClass().add("muted");
    list.setPlaceholder(nothing);
    list.setCellFactory(view -> new NameCell());
    list.getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (o, before, chosen) -> {
              if (chosen != null) {
                draw(chosen);
              }
            });
    return list;
  }

  private Node article() {
    name.getStyleClass().add("title");
    name.setId("article-name");
    other.getStyleClass().add("muted");
    other.setId("article-other");
    text.setId("article-text");
    text.getStyleClass().add("article-text");
    for (Label label : List.of(name, other, text)) {
      label.setWrapText(true);
      label.setMinHeight(Region.USE_PREF_SIZE);
    }
    facts.getStyleClass().add("facts");
    facts.setId("article-facts");
    article.getStyleClass().addAll("card", "article");
    article.getChildren().addAll(new VBox(2, name, other), text, facts, links);
    ScrollPane scroll = new ScrollPane(article);
    scroll.getStyleClass().add("bare-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinWidth(180);
    scroll.setPrefWidth(480);
    HBox.setHgrow(scroll, Priority.ALWAYS);
    return scroll;
  }

  // ---- showing
  // -----------------------------------------------------------------------------------

  private void turn(boolean right) {
    termsSide.setSelected(!right);
    settingsSide.setSelected(right);
    narrow();
  }

  private void narrow() {
    Article chosen = list.getSelectionModel().getSelectedItem();
    List<Article> all = settingsSide.isSelected() ? articles.settings() : articles.terms();
    String typed = filter.getText();
    List<Article> named = all.stream().filter(a -> a.isCalled(typed)).toList();
    list.getItems()
        .setAll(named.isEmpty() ? all.stream().filter(a -> a.has(typed)).toList() : named);
    if (chosen != null && list.getItems().contains(chosen)) {
      list.getSelectionModel().select(chosen);
    } else {
      list.getSelectionModel().select(0);
    }
    article.setVisible(!list.getItems().isEmpty());
  }

  private void draw(Article shown) {
    name.setText(shown.name());
    other.setText(shown.other());
    text.setText(shown.text());
    shownValues = valuesOf(shown);
    facts.getChildren().clear();
    int row = 0;
    for (Article.Line line : shown.facts()) {
      row = line(row, line.label(), line.value());
    }
    for (Map.Entry<String, String> own : shownValues.entrySet()) {
      row = line(row, texts.get("topic-says", own.getKey()), own.getValue());
    }
    links.getChildren().clear();
    for (String setting : shown.settings()) {
      articles.setting(setting).ifPresent(a -> link(a.name(), () -> open(a.id())));
    }
    shown.view().ifPresent(view -> link(texts.get("see-it"), () -> desk.openView(view)));
    if (shown.view().isEmpty()) {
      link(texts.get("copy-name"), () -> desk.copy(shown.name()));
    }
  }

  private int line(int row, String label, String value) {
    Label left = new Label(label);
    left.getStyleClass().add("caption");
    left.setMinWidth(Region.USE_PREF_SIZE);
    GridPane.setValignment(left, VPos.TOP);
    Label right = new Label(value);
    right.getStyleClass().add("small");
    right.setWrapText(true);
    facts.addRow(row, left, right);
    return row + 1;
  }

  private void link(String words, Runnable run) {
    Button button = new Button(words);
    button.getStyleClass().add("compact");
    button.setOnAction(e -> run.run());
    links.getChildren().add(button);
  }

  /** What topics say of their own, by topic. */
  private Map<String, String> valuesOf(Article shown) {
    if (newest == null || !shown.id().startsWith("topic:")) {
      return Map.of();
    }
    Map<String, String> own = new TreeMap<>();
    for (TopicView topic : newest.snapshot().topics().values()) {
      String value = topic.config().get(shown.name());
      if (value != null) {
        own.put(topic.name(), value);
      }
    }
    return own;
  }

  private static final class NameCell extends ListCell<Article> {
    private static final double ROW_INSETS = 28;

    private final Label name = new Label();
    private final Label other = new Label();
    private final VBox lines = new VBox(name, other);

    NameCell() {
      other.getStyleClass().add("caption");
      // As wide as the list: long names are cut, never scrolled to.
      setPrefWidth(0);
      lines.setMinWidth(0);
      lines.prefWidthProperty().bind(widthProperty().subtract(ROW_INSETS));
    }

    @Override
    protected void updateItem(Article article, boolean empty) {
      super.updateItem(article, empty);
      if (empty || article == null) {
        setGraphic(null);
      } else {
        name.setText(article.name());
        other.setText(article.other());
        setGraphic(lines);
      }
    }
  }
}
