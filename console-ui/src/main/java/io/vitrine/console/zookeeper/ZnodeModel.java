package io.vitrine.console.zookeeper;

import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Listing;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Session;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * What is looked at in ZooKeeper, what was answered, and what changed between two answers. Needs no
 * toolkit; belongs to the JavaFX thread.
 */
final class ZnodeModel {
  /** How often ZooKeeper is asked while somebody looks, in nanoseconds. */
  static final long PERIOD_NANOS = 500_000_000;

  /** For how long a change is marked. */
  static final long MARK_NANOS = 2_500_000_000L;

  /** After so long without an answer it is asked again. */
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private static final String ROOT = "/";
  private static final Pattern BROKER = Pattern.compile("/brokers/ids/([0-9]{1,9})");
  private static final Pattern PARTITION =
      Pattern.compile("/brokers/topics/([^/]+)/partitions/([0-9]{1,9})(?:/state)?");
  private static final Pattern TOPIC = Pattern.compile("/brokers/topics/([^/]+)(?:/partitions)?");
  private static final Pattern TOPIC_CONFIG = Pattern.compile("/config/topics/([^/]+)");

  private final Set<String> open = new TreeSet<>(Set.of(ROOT, "/brokers", "/brokers/ids"));
  private final Map<String, Long> changedNanos = new HashMap<>();
  private String chosen = "";
  private String find = "";
  private Optional<ZooKeeperContents> contents = Optional.empty();
  private Optional<String> unknown = Optional.empty();
  private ZooKeeperLook asked;
  private ZooKeeperLook answered;
  private long askedNanos;
  private boolean waiting;
  private long readNanos;

  /** A session and who is behind it. */
  record SessionRow(Session session, OptionalInt broker, long leftMs) {
    /** How much of its time is left, 0 to 1; -1 when that is not known. */
    double share() {
      return leftMs < 0 || session.timeoutMs() <= 0
          ? -1
          : Math.min(1, leftMs / (double) session.timeoutMs());
    }
  }

  // ---- looking -------------------------------------------------------------------------------

  void open(String path, boolean wanted) {
    if (wanted) {
      open.add(path);
    } else if (!path.equals(ROOT)) {
      open.removeIf(each -> each.equals(path) || each.startsWith(path + "/"));
    }
  }

  boolean isOpen(String path) {
    return open.contains(path);
  }

  void choose(String path) {
    chosen = path;
  }

  String chosen() {
    return chosen;
  }

  void find(String text) {
    find = text.trim();
  }

  boolean finds() {
    return !find.isEmpty();
  }

  /**
   * What to ask now, empty when it is not time: a look that is another than the last is asked at
   * once, the same one again after a while, and none while an answer is awaited or all is paused.
   */
  Optional<ZooKeeperLook> due(Frame frame) {
    if (frame.paused()) {
      return Optional.empty();
    }
    ZooKeeperLook look = new ZooKeeperLook(open, chosen, find);
    long since = frame.nowNanos() - askedNanos;
    boolean impatient = waiting && since >= PATIENCE_NANOS;
    boolean time = asked == null || !look.equals(asked) || since >= PERIOD_NANOS;
    if ((waiting && !impatient) || !time) {
      return Optional.empty();
    }
    asked = look;
    askedNanos = frame.nowNanos();
    waiting = true;
    return Optional.of(look);
  }

  /** An answer. */
  void found(ZooKeeperContents now, long nowNanos) {
    waiting = false;
    unknown = Optional.empty();
    contents.ifPresent(before -> mark(before, now, nowNanos));
    contents = Optional.of(now);
    answered = asked;
    readNanos = nowNanos;
  }

  /** There is no answer; what was known stays, and grows old. */
  void unknown(String reason) {
    waiting = false;
    unknown = Optional.of(reason);
  }

  private void mark(ZooKeeperContents before, ZooKeeperContents now, long nowNanos) {
    changedNanos.values().removeIf(at -> nowNanos - at >= MARK_NANOS);
    now.listings()
        .forEach(
            (path, listing) -> {
              Listing old = before.listings().get(path);
              if (old != null) {
                Map<String, Znode> known = new HashMap<>();
                old.nodes().forEach(node -> known.put(node.path(), node));
                for (Znode node : listing.nodes()) {
                  if (changed(known.get(node.path()), node)) {
                    changedNanos.put(node.path(), nowNanos);
                  }
                }
              }
            });
  }

  /** Whether data or children changed, or the node is another than it was. */
  private static boolean changed(Znode before, Znode now) {
    return before == null
        || before.created() != now.created()
        || before.modified() != now.modified()
        || before.childrenModified() != now.childrenModified();
  }

  // ---- what is known -------------------------------------------------------------------------

  Optional<ZooKeeperContents> contents() {
    return contents;
  }

  /** Whether what is known was read while the present text was looked for. */
  boolean findAnswered() {
    return answered != null && answered.find().equals(find);
  }

  /** Whether what is known was read while the present node was chosen. */
  boolean choiceAnswered() {
    return answered != null && !chosen.isEmpty() && answered.chosen().equals(chosen);
  }

  /** Why the last question was not answered, empty when it was. */
  Optional<String> unknown() {
    return unknown;
  }

  /** How old what is known is, in milliseconds. */
  long ageMs(Frame frame) {
    return frame.sinceMs(readNanos);
  }

  /** Whether a node changed a moment ago. */
  boolean justChanged(String path, long nowNanos) {
    Long at = changedNanos.get(path);
    return at != null && nowNanos - at < MARK_NANOS;
  }

  /** Children to be shown below a path, none while they are not known. */
  List<Znode> children(String path) {
    return contents.map(known -> known.listings().get(path)).map(Listing::nodes).orElse(List.of());
  }

  /** How many children of all opened nodes there are that are not told. */
  int hidden() {
    return contents
        .map(known -> known.listings().values().stream().mapToInt(Listing::hidden).sum())
        .orElse(0);
  }

  /** Sessions, brokers' first, by broker; then others by id. */
  List<SessionRow> sessions(Frame frame) {
    if (contents.isEmpty()) {
      return List.of();
    }
    long ageMs = ageMs(frame);
    List<SessionRow> brokers = new ArrayList<>();
    List<SessionRow> others = new ArrayList<>();
    for (Session session : contents.get().sessions()) {
      OptionalInt broker = broker(frame.snapshot(), session.id());
      // Tenths of a second are read; more would only keep the screen busy.
      long left = session.leftMs() < 0 ? -1 : Math.max(0, session.leftMs() - ageMs) / 100 * 100;
      (broker.isPresent() ? brokers : others).add(new SessionRow(session, broker, left));
    }
    brokers.sort((a, b) -> Integer.compare(a.broker().getAsInt(), b.broker().getAsInt()));
    brokers.addAll(others);
    return brokers;
  }

  /** The broker whose session this is. */
  static OptionalInt broker(ClusterSnapshot snapshot, long session) {
    return snapshot.brokers().stream()
        .filter(broker -> broker.session().id() == session && session != 0)
        .mapToInt(BrokerView::id)
        .findFirst();
  }

  /** What a node speaks of, so that it is chosen everywhere. */
  static Selection.Item subject(String path) {
    if (path.equals("/controller") || path.equals("/controller_epoch")) {
      return new Selection.Controller();
    }
    Matcher broker = BROKER.matcher(path);
    if (broker.matches()) {
      return new Selection.Broker(Integer.parseInt(broker.group(1)));
    }
    Matcher partition = PARTITION.matcher(path);
    if (partition.matches()) {
      return new Selection.Partition(
          new TopicPartition(partition.group(1), Integer.parseInt(partition.group(2))));
    }
    for (Pattern pattern : List.of(TOPIC, TOPIC_CONFIG)) {
      Matcher topic = pattern.matcher(path);
      if (topic.matches()) {
        return new Selection.Topic(topic.group(1));
      }
    }
    return new Selection.ZooKeeper();
  }

  /** Where something that was chosen elsewhere stands, empty when it stands nowhere. */
  private static Optional<String> place(Selection.Item item) {
    if (item instanceof Selection.Broker broker) {
      return Optional.of("/brokers/ids/" + broker.id());
    }
    if (item instanceof Selection.Controller) {
      return Optional.of("/controller");
    }
    if (item instanceof Selection.Topic topic) {
      return Optional.of("/brokers/topics/" + topic.name());
    }
    if (item instanceof Selection.Partition partition) {
      return Optional.of(
          "/brokers/topics/"
              + partition.id().topic()
              + "/partitions/"
              + partition.id().partition()
              + "/state");
    }
    return Optional.empty();
  }

  /** Goes where something stands that was chosen elsewhere, unless that is looked at already. */
  void follow(Selection.Item item) {
    if (chosen.isEmpty() || !subject(chosen).equals(item)) {
      place(item)
          .ifPresent(
              path -> {
                chosen = path;
                reveal(path);
              });
    }
  }

  /** Opens every node above a path, so that it can be seen. */
  void reveal(String path) {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      open.add(path.substring(0, slash));
    }
  }
}
