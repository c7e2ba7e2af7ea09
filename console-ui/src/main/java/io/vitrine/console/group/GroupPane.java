package io.vitrine.console.group;

import io.vitrine.cluster.event.ClusterEvent.GroupCause;
import io.vitrine.cluster.event.ClusterEvent.GroupMember;
import io.vitrine.cluster.event.ClusterEvent.GroupStage;
import io.vitrine.cluster.snapshot.GroupView;
import io.vitrine.console.control.Pill;
import io.vitrine.console.control.RowTable;
import io.vitrine.console.control.TimeMeter;
import io.vitrine.console.group.GroupPage.GroupRow;
import io.vitrine.console.group.GroupPage.MemberRow;
import io.vitrine.console.group.GroupPage.OffsetRow;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme.Token;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/**
 * All groups on the left with the story of the chosen one; its members and offsets on the right.
 * JavaFX thread only.
 */
final class GroupPane {
  /** Below this share of its session a member is in danger. */
  private static final double ALARMING = 0.34;

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final Messages texts;
  private final Quantities quantities;
  private final ZoneId zone;
  private final Selection selection;
  private final RowTable<GroupRow> groups;
  private final RowTable<MemberRow> members;
  private final RowTable<OffsetRow> offsets;
  private final VBox steps = new VBox(8);
  private final Pill state = new Pill();
  private final Label name = new Label();
  private final Label how = new Label();
  private final HBox root;
  private List<GroupView.Step> told;
  private String shown = "";
  private Optional<String> rule = Optional.empty();

  GroupPane(Messages texts, Quantities quantities, ZoneId zone, Selection selection) {
    this.texts = texts;
    this.quantities = quantities;
    this.zone = zone;
    this.selection = selection;
    groups =
        new RowTable<>(
            "groups",
            texts.get("groups-accessible"),
            GroupRow::id,
            row -> selection.choose(new Selection.Group(row.id())));
    members =
        new RowTable<>(
            "members",
            texts.get("members-accessible"),
            row -> row.member().memberId(),
            row -> selection.choose(new Selection.Group(shown)));
    offsets =
        new RowTable<>(
            "offsets",
            texts.get("offsets-accessible"),
            OffsetRow::partition,
            row -> selection.choose(new Selection.Partition(row.partition())));
    groupColumns();
    memberColumns();
    offsetColumns();
    root = new HBox(14, left(), right());
  }

  Node node() {
    return root;
  }

  // ---- building
  // ----------------------------------------------------------------------------------

  private Node left() {
    groups.setMinHeight(120);
    groups.setPrefHeight(190);
    ScrollPane story = new ScrollPane(steps);
    story.setId("story");
    story.setFitToWidth(true);
    story.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    story.getStyleClass().add("bare-scroll");
    VBox card = new VBox(8, heading("story"), story);
    card.getStyleClass().add("card");
    VBox.setVgrow(story, Priority.ALWAYS);
    VBox.setVgrow(card, Priority.ALWAYS);
    VBox left = new VBox(10, groups, card);
    left.setMinWidth(286);
    left.setPrefWidth(300);
    left.setMaxWidth(360);
    return left;
  }

  private Node right() {
    name.getStyleClass().add("heading");
    how.getStyleClass().add("muted");
    how.setWrapText(true);
    how.setMinHeight(Label.USE_PREF_SIZE);
    HBox head = new HBox(10, name, state);
    head.getStyleClass().add("toolbar");
    members.setMinHeight(130);
    members.setPrefHeight(168);
    VBox.setVgrow(offsets, Priority.ALWAYS);
    VBox right = new VBox(8, head, how, heading("members"), members, heading("offsets"), offsets);
    HBox.setHgrow(right, Priority.ALWAYS);
    right.setMinWidth(0);
    return right;
  }

  private Label heading(String key) {
    Label label = new Label(texts.get(key));
    label.getStyleClass().add("strong");
    return label;
  }

  private void groupColumns() {
    groups.text(
        "group-id",
        texts.get("column-group"),
        130,
        false,
        Comparator.comparing(GroupRow::id),
        (label, row) -> label.setText(row.id()));
    groups.column(
        "group-state",
        texts.get("column-state"),
        110,
        false,
        Comparator.comparing(GroupRow::stage),
        Pill::new,
        (pill, row) -> stage(pill, row.stage(), row.coordinatorLives()));
    groups.text(
        "group-lag",
        texts.get("column-lag"),
        60,
        true,
        Comparator.comparingLong(GroupRow::lag),
        (label, row) -> label.setText(number(row.lag())));
  }

  private void memberColumns() {
    members.text(
        "member-client",
        texts.get("column-client"),
        160,
        false,
        Comparator.comparing(row -> row.member().clientId()),
        (label, row) ->
            label.setText(
                row.leads()
                    ? texts.get("leads", row.member().clientId())
                    : row.member().clientId()));
    members.text(
        "member-partitions",
        texts.get("column-assignment"),
        190,
        false,
        Comparator.comparingInt(row -> row.partitions().size()),
        this::assignment);
    members.text(
        "member-lag",
        texts.get("column-lag"),
        60,
        true,
        Comparator.comparingLong(MemberRow::lag),
        (label, row) -> label.setText(number(row.lag())));
    members.column(
        "member-session",
        texts.get("column-session"),
        150,
        false,
        Comparator.comparingLong(MemberRow::sessionLeftMs),
        TimeMeter::new,
        this::session);
  }

  private void offsetColumns() {
    offsets.text(
        "offset-partition",
        texts.get("column-partition"),
        130,
        false,
        Comparator.comparing(row -> row.partition().toString()),
        (label, row) -> label.setText(row.partition().toString()));
    offsets.text(
        "offset-committed",
        texts.get("column-committed"),
        100,
        true,
        Comparator.comparingLong(OffsetRow::committed),
        (label, row) -> label.setText(number(row.committed())));
    offsets.text(
        "offset-end",
        texts.get("column-end"),
        100,
        true,
        Comparator.comparingLong(OffsetRow::end),
        (label, row) -> label.setText(number(row.end())));
    offsets.text(
        "offset-lag",
        texts.get("column-lag"),
        70,
        true,
        Comparator.comparingLong(OffsetRow::lag),
        (label, row) -> label.setText(number(row.lag())));
    offsets.text(
        "offset-client",
        texts.get("column-reader"),
        130,
        false,
        Comparator.comparing(OffsetRow::client),
        (label, row) -> {
          label.setText(row.client().isEmpty() ? texts.get("nobody") : row.client());
          if (row.client().isEmpty()) {
            label.getStyleClass().add("muted");
          }
        });
  }

  // ---- drawing
  // -----------------------------------------------------------------------------------

  /** Draws the groups whose id holds this text, and the chosen one, or the first. */
  void show(Frame frame, String text, Selection.Item chosen) {
    List<GroupRow> rows =
        GroupPage.groups(frame.snapshot()).stream()
            .filter(row -> row.id().toLowerCase(Locale.ROOT).contains(text))
            .toList();
    groups.placeholder(
        texts.get(frame.snapshot().groups().isEmpty() ? "no-groups" : "nothing-matches"));
    groups.show(rows);
    if (chosen instanceof Selection.Group group) {
      shown = group.id();
    }
    if (rows.stream().noneMatch(row -> row.id().equals(shown))) {
      shown = rows.isEmpty() ? "" : groups.getItems().get(0).id();
    }
    groups.choose(shown);
    GroupView view = frame.snapshot().groups().get(shown);
    if (view == null) {
      nothing();
    } else {
      detail(frame, view);
    }
  }

  private void nothing() {
    name.setText("");
    how.setText(texts.get("no-groups"));
    state.setVisible(false);
    rule = Optional.empty();
    members.placeholder(texts.get("no-members"));
    offsets.placeholder(texts.get("no-offsets"));
    members.show(List.of());
    offsets.show(List.of());
    story(List.of());
  }

  private void detail(Frame frame, GroupView view) {
    boolean lives = GroupPage.lives(frame.snapshot(), view.coordinator());
    name.setText(view.id());
    state.setVisible(true);
    stage(state, view.stage(), lives);
    long left = GroupPage.rebalanceLeftMs(frame, view);
    how.setText(
        texts.get(
                lives ? "group-line" : "group-line-old",
                GroupPage.generation(view.generation()),
                view.protocol().isEmpty() ? texts.get("protocol-open") : view.protocol(),
                Integer.toString(view.coordinator()))
            + (left < 0 ? "" : "  ·  " + texts.get("rebalance-left", quantities.millis(left))));
    members.placeholder(texts.get("no-members"));
    offsets.placeholder(texts.get("no-offsets"));
    members.show(GroupPage.members(frame, view));
    offsets.show(GroupPage.offsets(frame.snapshot(), view));
    rule =
        Optional.of(
            coordination(texts, GroupPage.coordination(frame.snapshot(), view), view)
                + "\n"
                + texts.get("rule-lag"));
    story(view.story());
  }

  /** The rule by which a broker coordinates a group, with its numbers. */
  static String coordination(Messages texts, GroupPage.Coordination by, GroupView view) {
    return by.partitions() == 0
        ? texts.get(
            "rule-partition",
            Integer.toString(by.partition()),
            Integer.toString(view.coordinator()))
        : texts.get(
            "rule-coordinator",
            view.id(),
            Integer.toString(by.hash()),
            Integer.toString(by.partitions()),
            Integer.toString(by.partition()),
            by.leader() < 0 ? texts.get("nobody") : Integer.toString(by.leader()));
  }

  Optional<String> explain() {
    return rule;
  }

  private void stage(Pill pill, GroupStage stage, boolean lives) {
    Token tone =
        !lives
            ? Token.IDLE
            : switch (stage) {
              case STABLE -> Token.OK;
              case PREPARING_REBALANCE, COMPLETING_REBALANCE -> Token.WARN;
              case EMPTY, DEAD -> Token.IDLE;
            };
    pill.show(texts.get("stage-" + key(stage)), tone);
  }

  private void assignment(Label label, MemberRow row) {
    GroupMember member = row.member();
    label.setText(
        member.awaitsJoin()
            ? texts.get("awaits-join")
            : member.awaitsSync()
                ? texts.get("awaits-sync")
                : row.partitions().isEmpty()
                    ? texts.get("nothing")
                    : row.partitions().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(", ")));
    if (member.awaitsJoin() || member.awaitsSync()) {
      label.getStyleClass().add("tone-warn");
    } else if (row.partitions().isEmpty()) {
      label.getStyleClass().add("muted");
    }
  }

  private void session(TimeMeter meter, MemberRow row) {
    if (row.sessionLeftMs() < 0) {
      meter.show(-1, false, texts.get("not-known"));
      return;
    }
    double share = Math.min(1, row.sessionLeftMs() / (double) row.member().sessionTimeoutMs());
    meter.show(share, share < ALARMING, quantities.millis(row.sessionLeftMs()));
  }

  // ---- story
  // -------------------------------------------------------------------------------------

  private void story(List<GroupView.Step> story) {
    if (story.equals(told)) {
      return;
    }
    told = story;
    steps.getChildren().clear();
    for (int i = story.size() - 1; i >= 0; i--) {
      steps.getChildren().add(step(story.get(i)));
    }
  }

  private Node step(GroupView.Step step) {
    Label what = new Label(sentence(step));
    what.setWrapText(true);
    what.setMinHeight(Label.USE_PREF_SIZE);
    if (step.stage() == GroupStage.STABLE) {
      what.getStyleClass().add("strong");
    } else if (step.cause() == GroupCause.SILENT || step.cause() == GroupCause.JOINS_LATE) {
      what.getStyleClass().add("tone-warn");
    }
    Label when =
        new Label(
            texts.get(
                "step-line",
                CLOCK.format(Instant.ofEpochMilli(step.wallMs()).atZone(zone)),
                GroupPage.generation(step.generation()),
                step.members()));
    when.getStyleClass().add("caption");
    return new VBox(1, what, when);
  }

  private String sentence(GroupView.Step step) {
    String text = texts.get("cause-" + key(step.cause()), shortened(step.culprit()));
    return step.detail().isEmpty() ? text : text + " (" + step.detail() + ")";
  }

  /** A member's id without the long number a coordinator gave it. */
  static String shortened(String memberId) {
    int uuid = memberId.length() - 37;
    return uuid > 0 && memberId.charAt(uuid) == '-' ? memberId.substring(0, uuid) : memberId;
  }

  private String number(long value) {
    return value < 0 ? "–" : quantities.count(value);
  }

  private static String key(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
