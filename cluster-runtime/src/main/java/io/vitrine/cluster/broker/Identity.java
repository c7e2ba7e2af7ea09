package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.zookeeper.BrokerIdentity;
import io.vitrine.cluster.zookeeper.BrokerRegistrar;
import io.vitrine.storage.checkpoint.MetaProperties;
import io.vitrine.storage.file.FileAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who a broker is: its id and its cluster, as ZooKeeper, its settings and its log directories
 * agree.
 */
record Identity(String clusterId, BrokerIdentity broker) {
  private static final int META_PROPERTIES_VERSION = 0;
  private static final Logger LOG = LoggerFactory.getLogger(Identity.class);

  /**
   * Compares what the log directories say with the cluster.
   *
   * @throws KafkaException when they belong to another cluster or broker; says what to do
   */
  static Identity resolve(BrokerConfig config, BrokerRegistrar registrar, FileAccess files) {
    registrar.ensureTopLevelNodes();
    String clusterId = registrar.clusterId();
    List<MetaProperties> stored = new ArrayList<>();
    for (Path directory : config.logDirs()) {
      Optional<MetaProperties> properties = read(files, directory);
      Optional<String> other =
          properties.flatMap(MetaProperties::clusterId).filter(id -> !id.equals(clusterId));
      if (other.isPresent()) {
        throw new KafkaException(
            "The log directory "
                + directory
                + " belongs to the cluster "
                + other.get()
                + ", but ZooKeeper at "
                + config.zookeeperConnect()
                + " holds the cluster "
                + clusterId
                + ". Use the ZooKeeper data that belong to these logs, or other log.dirs.");
      }
      properties.ifPresent(stored::add);
    }
    return new Identity(clusterId, registrar.resolveId(config, stored));
  }

  /** A directory that cannot be read has no say: it will be offline. */
  private static Optional<MetaProperties> read(FileAccess files, Path directory) {
    try {
      return MetaProperties.read(files, directory);
    } catch (IOException e) {
      LOG.warn("{} does not say whose it is: {}", directory, e.toString());
      return Optional.empty();
    }
  }

  int id() {
    return broker.id();
  }

  /** Writes {@code meta.properties} where it is missing. */
  void store(FileAccess files, List<Path> directories) throws IOException {
    for (Path directory : directories) {
      if (MetaProperties.read(files, directory).isEmpty()) {
        new MetaProperties(META_PROPERTIES_VERSION, id(), Optional.of(clusterId))
            .write(files, directory);
      }
    }
  }
}
