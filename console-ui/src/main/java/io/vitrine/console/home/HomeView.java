package io.vitrine.console.home;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.console.control.Pill;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.theme.Theme.Token;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/**
 * Where one begins: the cluster on the screen and how clients reach it, other clusters, folders
 * with logs, and what to look at first. JavaFX thread only.
 */
public final class HomeView implements Screen {
  private static final double WIDEST = 1480;

  /** Keeps the cards clear of the scroll bar. */
  private static final double BESIDE_BAR = 11;

  private final Messages texts;
  private final Desk desk;
  private final Selection selection;
  private final Connections connections;
  private final Path dataDirectory;
  private final Pill pill = new Pill();
  private final Label address = new Label();
  private final Button copyAddress = new Button();
  private final Label zooKeeper = fact("home-zookeeper");
  private final Label controller = fact("home-controller");
  private final Label topics = fact("home-topics");
  private final Label offline = fact("home-offline");
  private final Button start = new Button();
  private final Button stop = new Button();
  private final Label line = new Label();
  private final Button copyLine = new Button();
  private final ToggleGroup kinds = new ToggleGroup();
  private final VBox root = new VBox();
  private Optional<HomePage> shown = Optional.empty();

  /**
   * The view.
   *
   * @param dataDirectory where the bundled cluster keeps everything
   */
  public HomeView(
      Locale locale, Selection selection, Desk desk, Connections connections, Path dataDirectory) {
    this.texts = Messages.of(HomeView.class, locale);
    this.desk = desk;
    this.selection = selection;
    this.connections = connections;
    this.dataDirectory = dataDirectory;
    Node folders = new FolderCard(texts, connections, this::open);
    Node clusters = new ConnectionCard(texts, connections);
    HBox elsewhere = new HBox(12, clusters, folders);
    for (Node card : List.of(clusters, folders)) {
      HBox.setHgrow(card, Priority.ALWAYS);
      ((Region) card).setPrefWidth(300);
    }
    VBox cards = new VBox(12, here(), first(), elsewhere);
    cards.setMaxWidth(WIDEST);
    cards.setPadding(new Insets(0, BESIDE_BAR, 8, 0));
    ScrollPane scroll = new ScrollPane(cards);
    scroll.getStyleClass().add("bare-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    root.getStyleClass().add("page");
    root.setId("home-view");
    root.getChildren().addAll(head(), scroll);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame frame) {
    HomePage page = HomePage.of(frame.snapshot());
    if (shown.filter(page::equals).isPresent()) {
      return;
    }
    shown = Optional.of(page);
    pill.show(
        texts.get(
            "life-" + page.life().name().toLowerCase(Locale.ROOT), page.serving(), page.brokers()),
        token(page.life()));
    boolean reachable = !page.bootstrap().isEmpty();
    address.setText(reachable ? page.bootstrap() : texts.get("no-address"));
    copyAddress.setDisable(!reachable);
    copyLine.setDisable(!reachable);
    zooKeeper.setText(page.zooKeeper().isEmpty() ? texts.get("unknown") : page.zooKeeper());
    controller.setText(
        page.controller() < 0
            ? texts.get("nobody")
            : texts.get("broker", Integer.toString(page.controller())));
    topics.setText(texts.get("topic-count", page.topics(), page.partitions()));
    offline.setText(Integer.toString(page.offline()));
    offline.getStyleClass().remove("tone-bad");
    if (page.offline() > 0) {
      offline.getStyleClass().add("tone-bad");
    }
    start.setDisable(!page.mayStart());
    stop.setDisable(!page.mayStop());
    line();
  }

  @Override
  public Optional<String> explain() {
    return Optional.of(texts.get("explain"));
  }

  private static Token token(HomePage.Life life) {
    return switch (life) {
      case SERVING -> Token.OK;
      case PARTLY, STARTING -> Token.WARN;
      case STOPPED -> Token.BAD;
      case UNKNOWN -> Token.IDLE;
    };
  }

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    Label what = new Label(texts.get("what"));
    what.getStyleClass().add("muted");
    HBox head = new HBox(12, title, what);
    head.setAlignment(Pos.BASELINE_LEFT);
    return head;
  }

  // ---- the cluster on the screen
  // -----------------------------------------------------------------

  private Node here() {
    Label name =
        new Label(
            connections
                .shown()
                .map(c -> texts.get("attached", c.name()))
                .orElseGet(() -> texts.get("bundled")));
    name.setId("home-name");
    name.getStyleClass().add("heading");
    pill.setId("home-life");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox top = new HBox(10, name, pill, spring);
    top.setAlignment(Pos.CENTER_LEFT);
    if (desk.may(Capability.SUPERVISE)) {
      button(start, "home-start", "start", () -> desk.ask(new ClusterCommand.StartCluster()));
      button(stop, "home-stop", "stop", () -> desk.ask(new ClusterCommand.StopCluster()));
      start.getStyleClass().add("acts");
      stop.getStyleClass().addAll("dangerous", "acts");
      top.getChildren().addAll(start, stop);
    }
    Button open = new Button();
    button(open, "home-open", "open-cluster", () -> desk.openView("cluster"));
    open.getStyleClass().add("primary");
    top.getChildren().add(open);
    VBox card = new VBox(top, addressLine(), snippets(), facts());
    card.setId("home-cluster");
    card.getStyleClass().add("card");
    card.setSpacing(11);
    return card;
  }

  private Node addressLine() {
    Label label = new Label(texts.get("address"));
    label.getStyleClass().add("caption");
    address.setId("home-address");
    address.getStyleClass().add("figure");
    address.setMinWidth(60);
    button(copyAddress, "home-copy-address", "copy", () -> copyAddress());
    copyAddress.setAccessibleText(texts.get("copy-address"));
    HBox text = new HBox(10, address, copyAddress);
    text.setAlignment(Pos.CENTER_LEFT);
    return new VBox(2, label, text);
  }

  private void copyAddress() {
    shown.map(HomePage::bootstrap).filter(b -> !b.isEmpty()).ifPresent(desk::copy);
  }

  private Node snippets() {
    HBox chips = new HBox(6);
    chips.setAlignment(Pos.CENTER_LEFT);
    for (Snippet snippet : Snippet.values()) {
      ToggleButton chip = new ToggleButton(snippet.title());
      chip.setId("snippet-" + snippet.name().toLowerCase(Locale.ROOT));
      chip.getStyleClass().add("chip");
      chip.setMinWidth(Region.USE_PREF_SIZE);
      chip.setToggleGroup(kinds);
      chip.setUserData(snippet);
      chip.setSelected(snippet == Snippet.KCAT);
      chip.setOnAction(
          e -> {
            chip.setSelected(true);
            line();
          });
      chips.getChildren().add(chip);
    }
    line.setId("home-line");
    line.getStyleClass().add("command-line");
    line.setMaxWidth(Double.MAX_VALUE);
    line.setMinWidth(60);
    HBox.setHgrow(line, Priority.ALWAYS);
    button(copyLine, "home-copy-line", "copy", () -> desk.copy(line.getText()));
    copyLine.setAccessibleText(texts.get("copy-line"));
    HBox code = new HBox(10, line, copyLine);
    code.setAlignment(Pos.CENTER_LEFT);
    return new VBox(6, chips, code);
  }

  /** The line of the chosen client, for the addresses as they are. */
  private void line() {
    Snippet snippet = (Snippet) kinds.getSelectedToggle().getUserData();
    shown
        .map(HomePage::bootstrap)
        .map(b -> b.isEmpty() ? texts.get("no-address") : snippet.line(b))
        .ifPresent(
            text -> {
              line.setText(text);
              line.setTooltip(new Tooltip(text));
            });
  }

  private Node facts() {
    GridPane facts = new GridPane();
    facts.setHgap(28);
    facts.setVgap(1);
    column(facts, 0, "ZooKeeper", zooKeeper);
    column(facts, 1, texts.get("controller"), controller);
    column(facts, 2, texts.get("topics"), topics);
    column(facts, 3, texts.get("offline"), offline);
    if (connections.shown().isEmpty()) {
      Label directory = fact("home-directory");
      directory.setText(dataDirectory.toString());
      directory.setTooltip(new Tooltip(dataDirectory.toString()));
      column(facts, 4, texts.get("directory"), directory);
    }
    return facts;
  }

  private static void column(GridPane grid, int column, String title, Label value) {
    Label caption = new Label(title);
    caption.getStyleClass().add("caption");
    caption.setMinWidth(Region.USE_PREF_SIZE);
    grid.add(caption, column, 0);
    grid.add(value, column, 1);
  }

  private static Label fact(String id) {
    Label label = new Label();
    label.setId(id);
    label.getStyleClass().addAll("small", "strong");
    return label;
  }

  private void button(Button button, String id, String key, Runnable run) {
    button.setText(texts.get(key));
    button.setId(id);
    button.getStyleClass().add("compact");
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(e -> run.run());
  }

  // ---- elsewhere
  // ---------------------------------------------------------------------------------

  private void open(Path folder) {
    connections.opened(folder);
    desk.openView("storage");
    selection.choose(new Selection.Folder(folder));
  }

  // ---- first steps
  // -------------------------------------------------------------------------------

  private Node first() {
    Label title = new Label(texts.get("first"));
    title.getStyleClass().add("heading");
    HBox tiles =
        new HBox(
            10,
            tile("cluster", Feather.ZAP),
            tile("lane", Feather.ALIGN_LEFT),
            tile("storage", Feather.HARD_DRIVE),
            tile("controller", Feather.COMMAND));
    return new VBox(8, title, tiles);
  }

  /** A question, and the view that answers it. */
  private Node tile(String view, Feather icon) {
    Tile tile =
        new Tile(
            icon, texts.get("try-" + view), texts.get("how-" + view), () -> desk.openView(view));
    tile.setId("try-" + view);
    HBox.setHgrow(tile, Priority.ALWAYS);
    return tile;
  }
}
