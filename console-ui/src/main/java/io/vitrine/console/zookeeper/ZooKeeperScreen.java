package io.vitrine.console.zookeeper;

import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.cluster.snapshot.ZooKeeperView;
import io.vitrine.console.control.Pill;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme.Token;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** What ZooKeeper holds, now: nodes, watches, sessions, members. JavaFX thread only. */
public final class ZooKeeperScreen implements Screen {
  private final Messages texts;
  private final Quantities quantities;
  private final Selection selection;
  private final Desk desk;
  private final ZnodeModel model = new ZnodeModel();
  private final ZnodeTree tree;
  private final ZnodeCard card;
  private final SessionTable sessions;
  private final TextField filter = new TextField();
  private final Pill state = new Pill();
  private final HBox members = new HBox(6);
  private final Label counts = new Label();
  private final Label more = new Label();
  private final Label banner = new Label();
  private final Label empty = new Label();
  private final VBox content = new VBox(10);
  private final StackPane root = new StackPane();
  private ZooKeeperView shownMembers = ZooKeeperView.unknown();
  private Frame frame;

  /** What tree and card were drawn of, null when they are to be drawn anew. */
  private ZooKeeperContents drawn;

  /** The view; times of day are of this zone. */
  public ZooKeeperScreen(Locale locale, ZoneId zone, Selection selection, Desk desk) {
    this.texts = Messages.of(ZooKeeperScreen.class, locale);
    this.quantities = new Quantities(locale);
    this.selection = selection;
    this.desk = desk;
    this.tree = new ZnodeTree(texts, model, this::chosen, this::drawAnew);
    this.card = new ZnodeCard(texts, quantities, zone, desk::copy);
    this.sessions = new SessionTable(texts, quantities, selection);
    root.setId("zookeeper-view");
    root.getStyleClass().add("page");
    empty.setId("zookeeper-empty");
    empty.getStyleClass().add("muted");
    empty.setWrapText(true);
    banner.setId("zookeeper-banner");
    banner.getStyleClass().add("banner");
    banner.setWrapText(true);
    banner.setMaxWidth(Double.MAX_VALUE);
    banner.setMinHeight(Region.USE_PREF_SIZE);
    HBox middle = new HBox(10, tree, card.node());
    HBox.setHgrow(tree, Priority.ALWAYS);
    tree.setMinWidth(0);
    tree.setPrefWidth(470);
    card.node().setPrefWidth(352);
    card.node().setMaxWidth(560);
    HBox.setHgrow(card.node(), Priority.ALWAYS);
    VBox.setVgrow(middle, Priority.ALWAYS);
    Label heading = new Label(texts.get("sessions"));
    heading.getStyleClass().add("strong");
    sessions.table().setMinHeight(102);
    sessions.table().setPrefHeight(134);
    content.getChildren().addAll(head(), line(), banner, middle, heading, sessions.table());
    root.getChildren().addAll(content, empty);
    selection.subscribe(
        item -> {
          model.follow(item);
          drawAnew();
        });
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public boolean showsThePresent() {
    return true;
  }

  @Override
  public void show(Frame next) {
    frame = next;
    look();
    draw();
  }

  @Override
  public void focusFilter() {
    filter.requestFocus();
    filter.selectAll();
  }

  @Override
  public Optional<String> explain() {
    return model
        .contents()
        .flatMap(ZooKeeperContents::chosen)
        .map(
            body ->
                body.node().ephemeral()
                    ? texts.get("rule-ephemeral", body.node().path(), who(body.node().owner()))
                    : texts.get(
                        "rule-persistent",
                        body.node().path(),
                        Integer.toString(body.node().version())))
        .or(() -> Optional.of(texts.get("rule")));
  }

  @Override
  public List<Key> keys() {
    return List.of(new Key("→", texts.get("key-open")), new Key("←", texts.get("key-close")));
  }

  // ---- building ------------------------------------------------------------------------------

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    state.setId("zookeeper-state");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    filter.setPromptText(texts.get("filter"));
    filter.setId("znode-filter");
    filter.setPrefWidth(210);
    filter
        .textProperty()
        .addListener(
            (o, before, text) -> {
              model.find(text);
              if (text.isBlank()) {
                model.reveal(model.chosen());
              }
              drawAnew();
            });
    counts.getStyleClass().addAll("muted", "small");
    counts.setMinWidth(0);
    HBox head = new HBox(10, title, state, counts, spring, filter);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private Node line() {
    members.getStyleClass().add("toolbar");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    more.getStyleClass().addAll("small", "tone-warn");
    more.setMinWidth(0);
    HBox line = new HBox(10, members, spring, more);
    line.getStyleClass().add("toolbar");
    return line;
  }

  // ---- looking -------------------------------------------------------------------------------

  private void chosen(String path) {
    model.choose(path);
    selection.choose(ZnodeModel.subject(path));
    drawAnew();
  }

  /** What is looked at is another: the tree is drawn although nothing new was read. */
  private void drawAnew() {
    drawn = null;
    if (frame != null && root.getScene() != null) {
      look();
      draw();
    }
  }

  private void look() {
    if (frame != null) {
      model
          .due(frame)
          .ifPresent(
              look ->
                  desk.look(
                      look,
                      found -> {
                        model.found(found, frame.nowNanos());
                        draw();
                      },
                      reason -> {
                        model.unknown(reason);
                        draw();
                      }));
    }
  }

  // ---- drawing -------------------------------------------------------------------------------

  private void draw() {
    members();
    boolean known = model.contents().isPresent();
    content.setVisible(known);
    empty.setVisible(!known);
    if (!known) {
      empty.setText(
          model.unknown().map(reason -> texts.get("unknown", reason)).orElse(texts.get("reading")));
      return;
    }
    ZooKeeperContents contents = model.contents().get();
    boolean old = model.unknown().isPresent();
    banner.setVisible(old);
    banner.setManaged(old);
    model
        .unknown()
        .ifPresent(
            reason ->
                banner.setText(
                    texts.get("old", reason, quantities.millis(model.ageMs(frame) / 1000 * 1000))));
    boolean ours = contents.nodes() >= 0;
    counts.setText(
        ours
            ? texts.get(
                "counts",
                contents.nodes(),
                contents.ephemerals(),
                Long.toHexString(contents.zxid()),
                Integer.toString(contents.member()))
            : texts.get("as-client"));
    if (contents != drawn) {
      drawn = contents;
      tree(contents);
    }
    sessions.show(model.sessions(frame), ours);
  }

  /** Draws the tree and the chosen node; not at every frame, since many lines may be open. */
  private void tree(ZooKeeperContents contents) {
    if (!model.finds()) {
      tree.show(node -> row(node, node.name()));
    } else if (model.findAnswered()) {
      tree.showFound(contents.found(), node -> row(node, node.path()));
    }
    int hidden = model.finds() ? 0 : model.hidden();
    more.setText(
        hidden > 0
            ? texts.get("hidden", hidden)
            : model.finds() && contents.foundMore()
                ? texts.get("found-more", ZooKeeperContents.LISTED)
                : "");
    card.show(
        model.chosen(),
        model.choiceAnswered() ? contents.chosen() : Optional.empty(),
        model.choiceAnswered(),
        this::who);
  }

  private ZnodeRow row(Znode node, String label) {
    return new ZnodeRow(
        node,
        label,
        node.ephemeral() ? who(node.owner()) : "",
        model.justChanged(node.path(), frame.nowNanos()));
  }

  private String who(long session) {
    OptionalInt broker = ZnodeModel.broker(frame.snapshot(), session);
    return broker.isPresent()
        ? texts.get("broker", Integer.toString(broker.getAsInt()))
        : "0x" + Long.toHexString(session);
  }

  private void members() {
    ZooKeeperView view = frame.snapshot().zooKeeper();
    if (view.equals(shownMembers) && !state.getText().isEmpty()) {
      return;
    }
    shownMembers = view;
    state.show(
        texts.get("state-" + view.state().name().toLowerCase(Locale.ROOT).replace('_', '-')),
        switch (view.state()) {
          case RUNNING -> Token.OK;
          case UNKNOWN -> Token.IDLE;
          case NO_QUORUM, STOPPED -> Token.BAD;
        });
    members.getChildren().clear();
    for (ZooKeeperView.Member member : view.members()) {
      Pill pill = new Pill();
      pill.show(
          texts.get(
              "member",
              Integer.toString(member.number()),
              texts.get("role-" + member.role().name().toLowerCase(Locale.ROOT)),
              member.address()),
          tone(member.role()));
      members.getChildren().add(pill);
    }
    if (view.members().isEmpty()) {
      Label address = new Label(view.connectString());
      address.getStyleClass().addAll("muted", "small");
      members.getChildren().add(address);
    }
  }

  private static Token tone(MemberRole role) {
    return switch (role) {
      case LEADER, STANDALONE -> Token.ACCENT;
      case FOLLOWER -> Token.OK;
      case LOOKING -> Token.WARN;
      case STOPPED -> Token.IDLE;
    };
  }
}
