package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M65: a listener is added to a running broker, gets other threads, and is removed; what does not
 * go is refused. The answers and the broker's node in ZooKeeper are Apache Kafka's.
 */
class LiveListenersStoryTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final ConfigResource ONE = new ConfigResource(ConfigResource.Type.BROKER, "1");

  @Test
  void listenersComeAndGoAsAtApacheKafka(@TempDir Path directory) throws Exception {
    assertThat(told(Brand.VITRINE, directory.resolve("vitrine")))
        .containsExactlyElementsOf(told(Brand.KAFKA, directory.resolve("kafka")));
  }

  private static List<String> told(Brand brand, Path directory) throws Exception {
    List<String> told = new ArrayList<>();
    try (StoryCluster cluster = StoryCluster.of(brand, directory)) {
      cluster.start(1);
      String plain = "PLAINTEXT://127.0.0.1:" + cluster.port(1);
      int port = FreePorts.next();
      String more = plain + ",MORE://127.0.0.1:" + port;
      try (Admin admin = admin(cluster.port(1))) {
        for (Map<String, String> change : refusals(plain, port)) {
          told.add(withoutPorts(refusal(admin, change), cluster, port));
        }
        alter(
            admin,
            Map.of(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,MORE:PLAINTEXT",
                "listeners",
                more,
                "advertised.listeners",
                more,
                "num.network.threads",
                "4"));
        await("the new listener serves").atMost(AT_MOST).until(() -> !isRefused(port));
        try (Admin there = admin(port)) {
          await("it is told of")
              .atMost(AT_MOST)
              .until(
                  () ->
                      there.describeCluster().nodes().get().stream()
                          .map(Node::port)
                          .anyMatch(p -> p == port));
          told.add(node(cluster, port));
          told.add(refusal(there, Map.of("listener.name.more.num.network.threads", "9")));
          told.add(refusal(there, Map.of("num.network.threads", "9")));
          alter(there, Map.of("listener.name.more.num.network.threads", "3"));
        }
        // Over the listener that stays: the other one may be gone before it has answered.
        alter(admin, Map.of("listeners", plain, "advertised.listeners", plain));
        await("the listener is gone").atMost(AT_MOST).until(() -> isRefused(port));
        await("nobody is told of it")
            .atMost(AT_MOST)
            .until(() -> !node(cluster, port).contains("MORE://"));
        told.add(node(cluster, port));
      }
    }
    return told;
  }

  private static List<Map<String, String>> refusals(String plain, int port) {
    return List.of(
        Map.of("num.network.threads", "7"),
        Map.of("num.network.threads", "0"),
        Map.of("num.network.threads", "many"),
        Map.of("listener.security.protocol.map", "PLAINTEXT:SSL"),
        Map.of("listeners", plain + ",MORE://127.0.0.1:" + port),
        Map.of("advertised.listeners", plain + ",OTHER://127.0.0.1:" + port),
        Map.of("listeners", "nowhere"));
  }

  private static Admin admin(int port) {
    return Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port));
  }

  private static void alter(Admin admin, Map<String, String> settings) throws Exception {
    List<AlterConfigOp> changes =
        settings.entrySet().stream()
            .map(e -> new AlterConfigOp(new ConfigEntry(e.getKey(), e.getValue()), OpType.SET))
            .toList();
    admin.incrementalAlterConfigs(Map.of(ONE, changes)).all().get();
  }

  private static String refusal(Admin admin, Map<String, String> settings) {
    try {
      alter(admin, settings);
      return settings + " taken";
    } catch (ExecutionException e) {
      // What cannot be made out at all is said in words of each brand's own.
      String message = e.getCause().getMessage();
      return settings
          + ": "
          + e.getCause().getClass().getSimpleName()
          + " "
          + (message.contains("Invalid dynamic configuration") ? message : "");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isRefused(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (IOException refused) {
      return true;
    }
  }

  /** The broker's node, but for its ports and the time. */
  private static String node(StoryCluster cluster, int port) throws Exception {
    ZooKeeper session = new ZooKeeper(cluster.zooKeeper(), 30_000, event -> {});
    try {
      byte[] data = session.getData("/brokers/ids/1", false, null);
      Map<String, Object> node = JSON.readValue(data, new TypeReference<>() {});
      node.remove("timestamp");
      return withoutPorts(JSON.writeValueAsString(node), cluster, port);
    } finally {
      session.close();
    }
  }

  private static String withoutPorts(String text, StoryCluster cluster, int port) {
    return text.replace(Integer.toString(cluster.port(1)), "PORT")
        .replace(Integer.toString(port), "MORE");
  }
}
