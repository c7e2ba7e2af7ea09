package io.vitrine.cluster.bench;

import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaServer;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
import scala.Option;

/** Apache Kafka 3.9.2: three brokers and ZooKeeper in one JVM. Argument: an empty directory. */
final class KafkaClusterMain extends BenchCluster {
  private final List<KafkaServer> servers = new ArrayList<>();

  private KafkaClusterMain(Path directory, String zooKeeper) throws InterruptedException {
    for (int id = 1; id <= BROKERS; id++) {
      Properties properties = new Properties();
      properties.put("broker.id", Integer.toString(id));
      properties.put("listeners", "PLAINTEXT://127.0.0.1:0");
      properties.put("zookeeper.connect", zooKeeper);
      properties.put("log.dirs", directory.resolve("broker-" + id).toString());
      servers.add(
          new KafkaServer(KafkaConfig.fromProps(properties), Time.SYSTEM, Option.empty(), false));
    }
    List<Thread> starting = servers.stream().map(s -> new Thread(s::startup)).toList();
    starting.forEach(Thread::start);
    for (Thread thread : starting) {
      thread.join();
    }
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, 2_000);
    KafkaClusterMain cluster = new KafkaClusterMain(directory, zooKeeper.connectString());
    cluster.serve(
        cluster.servers.stream()
            .map(s -> "127.0.0.1:" + s.boundPort(new ListenerName("PLAINTEXT")))
            .collect(Collectors.joining(",")));
    zooKeeper.close();
  }

  @Override
  void stop(int brokerId) {
    servers.get(brokerId - 1).shutdown();
  }

  @Override
  void close() {
    servers.forEach(KafkaServer::shutdown);
  }
}
