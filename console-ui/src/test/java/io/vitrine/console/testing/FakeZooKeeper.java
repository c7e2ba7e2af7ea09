package io.vitrine.console.testing;

import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.TopicView;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Body;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Listing;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Session;
import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.snapshot.ZooKeeperView;
import io.vitrine.cluster.testing.SampleSnapshots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What ZooKeeper would hold for a cluster in this state, in Kafka's paths and bodies. */
final class FakeZooKeeper {
  private static final long START_MS = SampleSnapshots.START.toEpochMilli();

  private final Map<String, Node> nodes = new TreeMap<>();
  private final ClusterSnapshot snapshot;
  private final List<Long> everybody;
  private final List<Long> controller;

  /** A node's data, owner and version. */
  private record Node(String text, long owner, int version) {}

  private FakeZooKeeper(ClusterSnapshot snapshot) {
    this.snapshot = snapshot;
    this.everybody =
        snapshot.brokers().stream()
            .filter(broker -> broker.session().alive())
            .map(broker -> broker.session().id())
            .toList();
    this.controller =
        snapshot
            .broker(snapshot.controller().brokerId())
            .map(broker -> List.of(broker.session().id()))
            .orElse(List.of());
    fill();
  }

  static ZooKeeperContents contents(ClusterSnapshot snapshot, ZooKeeperLook look) {
    return new FakeZooKeeper(snapshot).read(look);
  }

  private void fill() {
    put("/", "", 0, 0);
    for (String path :
        "/admin /admin/delete_topics /brokers /brokers/ids /brokers/seqid /brokers/topics /cluster"
            .concat(" /config /config/brokers /config/changes /config/clients /config/ips")
            .concat(" /config/topics /config/users /consumers /isr_change_notification")
            .concat(" /log_dir_event_notification")
            .split(" ")) {
      put(path, "", 0, 0);
    }
    put("/cluster/id", "{\"version\":\"1\",\"id\":\"WcnTPuuvQhqPpsy1x5MzTg\"}", 0, 0);
    put("/feature", "{\"features\":{},\"version\":2,\"status\":1}", 0, 0);
    put(
        "/latest_producer_id_block",
        "{\"version\":1,\"broker\":1,\"block_start\":\"0\",\"block_end\":\"999\"}",
        0,
        1);
    int controllerId = snapshot.controller().brokerId();
    put("/controller_epoch", Integer.toString(snapshot.controller().epoch()), 0, 1);
    if (!controller.isEmpty()) {
      put(
          "/controller",
          "{\"version\":2,\"brokerid\":"
              + controllerId
              + ",\"timestamp\":\""
              + snapshot.controller().history().get(0).startWallMs()
              + "\",\"kraftControllerEpoch\":-1}",
          controller.get(0),
          0);
    }
    snapshot.brokers().stream().filter(BrokerView::registered).forEach(this::broker);
    snapshot.topics().values().forEach(this::topic);
  }

  private void broker(BrokerView broker) {
    put(
        "/brokers/ids/" + broker.id(),
        "{\"features\":{},\"listener_security_protocol_map\":{\"PLAINTEXT\":\"PLAINTEXT\"},"
            + "\"endpoints\":[\"PLAINTEXT://"
            + broker.host()
            + ":"
            + broker.port()
            + "\"],\"jmx_port\":-1,\"port\":"
            + broker.port()
            + ",\"host\":\""
            + broker.host()
            + "\",\"version\":5,\"timestamp\":\""
            + START_MS
            + "\"}",
        broker.session().id(),
        1);
  }

  private void topic(TopicView topic) {
    String path = "/brokers/topics/" + topic.name();
    put(
        path,
        "{\"removing_replicas\":{},\"partitions\":{"
            + snapshot.partitions().values().stream()
                .filter(p -> p.id().topic().equals(topic.name()))
                .map(
                    p ->
                        "\""
                            + p.id().partition()
                            + "\":"
                            + p.assignment().toString().replace(" ", ""))
                .collect(Collectors.joining(","))
            + "},\"topic_id\":\""
            + topic.topicId()
            + "\",\"adding_replicas\":{},\"version\":3}",
        0,
        0);
    put(path + "/partitions", "", 0, 0);
    put(
        "/config/topics/" + topic.name(),
        "{\"version\":1,\"config\":{"
            + topic.config().entrySet().stream()
                .map(e -> "\"" + e.getKey() + "\":\"" + e.getValue() + "\"")
                .sorted()
                .collect(Collectors.joining(","))
            + "}}",
        0,
        0);
    snapshot.partitions().values().stream()
        .filter(p -> p.id().topic().equals(topic.name()))
        .forEach(
            p -> {
              String at = path + "/partitions/" + p.id().partition();
              put(at, "", 0, 0);
              put(
                  at + "/state",
                  "{\"controller_epoch\":"
                      + snapshot.controller().epoch()
                      + ",\"leader\":"
                      + p.leader()
                      + ",\"version\":1,\"leader_epoch\":"
                      + p.leaderEpoch()
                      + ",\"isr\":"
                      + p.isr().toString().replace(" ", "")
                      + "}",
                  0,
                  p.partitionEpoch());
            });
  }

  private void put(String path, String text, long owner, int version) {
    nodes.put(path, new Node(text, owner, version));
  }

  private ZooKeeperContents read(ZooKeeperLook look) {
    Map<String, Listing> listings = new HashMap<>();
    for (String path : look.open()) {
      if (nodes.containsKey(path)) {
        listings.put(path, new Listing(children(path).stream().map(this::node).toList(), 0));
      }
    }
    List<Znode> found =
        look.find().isEmpty()
            ? List.of()
            : nodes.keySet().stream()
                .filter(path -> path.contains(look.find().toLowerCase(Locale.ROOT)))
                .map(this::node)
                .toList();
    return new ZooKeeperContents(
        snapshot.zooKeeper().members().stream()
            .filter(member -> member.role().decides())
            .mapToInt(ZooKeeperView.Member::number)
            .findFirst()
            .orElse(1),
        0x2_0000_01a7L,
        nodes.size(),
        (int) nodes.values().stream().filter(node -> node.owner() != 0).count(),
        listings,
        found,
        false,
        Optional.ofNullable(nodes.get(look.chosen()))
            .map(node -> new Body(node(look.chosen()), node.text())),
        sessions());
  }

  private List<String> children(String path) {
    String prefix = path.equals("/") ? path : path + "/";
    return nodes.keySet().stream()
        .filter(
            each ->
                each.startsWith(prefix)
                    && each.length() > prefix.length()
                    && each.indexOf('/', prefix.length()) < 0)
        .toList();
  }

  private Znode node(String path) {
    Node node = nodes.get(path);
    int children = children(path).size();
    // The same node has the same numbers however many others come.
    int order = path.hashCode() & 0xff;
    long created = path.startsWith("/brokers/ids/") ? epoch(path) : 0x1_0000_0004L + order;
    long createdMs = START_MS + order * 7L;
    return new Znode(
        path,
        node.owner(),
        created,
        created + node.version() * 40L,
        created + children * 3L,
        createdMs,
        createdMs + node.version() * 900L,
        node.version(),
        children,
        0,
        node.text().getBytes(StandardCharsets.UTF_8).length,
        children,
        path.equals("/controller") ? everybody : ofTopic(path) ? controller : List.of(),
        path.equals("/config/changes")
            ? everybody
            : path.equals("/brokers/ids") || path.equals("/brokers/topics")
                ? controller
                : List.of());
  }

  /** A broker's epoch is the zxid of its node's creation. */
  private long epoch(String path) {
    return snapshot
        .broker(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)))
        .orElseThrow()
        .brokerEpoch();
  }

  private static boolean ofTopic(String path) {
    return path.matches("/brokers/topics/[^/]+") || path.matches("/brokers/ids/[^/]+");
  }

  private List<Session> sessions() {
    List<Session> sessions = new ArrayList<>();
    for (BrokerView broker : snapshot.brokers()) {
      if (broker.session().alive()) {
        sessions.add(
            new Session(
                broker.session().id(),
                broker.session().timeoutMs(),
                broker.session().timeoutMs() - 1_300L * broker.id(),
                Math.min(broker.id(), Math.max(1, snapshot.zooKeeper().members().size())),
                "127.0.0.1:" + (50_110 + 37 * broker.id()),
                broker.id() == snapshot.controller().brokerId() ? 2 : 1));
      }
    }
    return sessions;
  }
}
