package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.cluster.broker.Broker;
import io.vitrine.cluster.broker.BrokerClocks;
import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.event.ClusterEvent.ListenerExposed;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.StoryBroker.Brand;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M51: a listener without an address is there at every address of this machine, as Apache Kafka's
 * is; one of ours that asks nobody who they are is told of.
 */
class OpenListenersTest {
  /** On Linux an address of every machine, at which who listens at 127.0.0.1 alone is not. */
  private static final String ANOTHER = "127.0.0.2";

  @Test
  void withoutAnAddressItIsAtAllOfThemAsAtApacheKafka(@TempDir Path directory) throws Exception {
    assertThat(told(Brand.VITRINE, directory.resolve("vitrine")))
        .isEqualTo(told(Brand.KAFKA, directory.resolve("kafka")))
        .contains("at 127.0.0.1 true");
  }

  /** What the broker's node says, and where the broker is found. */
  private static String told(Brand brand, Path directory) throws Exception {
    try (StoryCluster cluster = StoryCluster.of(brand, directory)) {
      int port = FreePorts.next();
      String listener = "EVERYWHERE://:" + port;
      cluster.start(
          1,
          Map.of(
              "listeners",
              listener,
              "advertised.listeners",
              listener,
              "inter.broker.listener.name",
              "EVERYWHERE",
              "listener.security.protocol.map",
              "EVERYWHERE:PLAINTEXT"));
      JsonNode node;
      try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
        node = tree.json("/brokers/ids/1");
      }
      return node.get("endpoints").toString().replace(Integer.toString(port), "PORT")
          + " at 127.0.0.1 "
          + isThere("127.0.0.1", port)
          + ", at "
          + ANOTHER
          + " "
          + isThere(ANOTHER, port);
    }
  }

  private static boolean isThere(String address, int port) {
    try (Socket socket = new Socket(address, port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void oneThatAsksNobodyWhoTheyAreIsToldOf(@TempDir Path directory) throws Exception {
    try (EmbeddedZooKeeper zooKeeper =
        EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, StorySettings.TICK_MS)) {
      int port = FreePorts.firstOf(4);
      List<String> listeners =
          List.of(
              "OPEN://0.0.0.0:" + port,
              "OWN://127.0.0.1:" + (port + 1),
              "ASKED://0.0.0.0:" + (port + 2),
              "NAMELESS://:" + (port + 3));
      Map<String, String> settings =
          StorySettings.broker(
              1, port, zooKeeper.connectString(), List.of(directory.resolve("broker")));
      settings.put("listeners", String.join(",", listeners));
      settings.put("advertised.listeners", "OWN://127.0.0.1:" + (port + 1));
      settings.put("inter.broker.listener.name", "OWN");
      settings.put(
          "listener.security.protocol.map",
          "OPEN:PLAINTEXT,OWN:PLAINTEXT,ASKED:SASL_PLAINTEXT,NAMELESS:PLAINTEXT");
      settings.put("sasl.enabled.mechanisms", "PLAIN");
      settings.put(
          "listener.name.asked.plain.sasl.jaas.config",
          Jaas.plainUsers("broker", Map.of("broker", "b")));
      Queue<ListenerExposed> told = new ConcurrentLinkedQueue<>();
      Broker broker =
          new Broker(
              BrokerConfig.parse(settings),
              (id, event) -> {
                if (event instanceof ListenerExposed exposed) {
                  told.add(exposed);
                }
              },
              BrokerClocks.system());
      try {
        broker.start();
      } finally {
        broker.kill();
      }
      assertThat(told)
          .containsExactlyInAnyOrder(
              new ListenerExposed("OPEN", "0.0.0.0:" + port),
              new ListenerExposed("NAMELESS", "0.0.0.0:" + (port + 3)));
    }
  }
}
