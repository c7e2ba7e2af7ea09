package io.vitrine.cluster.story;

import java.util.List;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.protocol.ApiKeys;

/** What operators ask a broker: its log directories, and features nobody has. */
final class OperatorRequests {
  private OperatorRequests() {}

  static RequestTable all() {
    RequestTable table = new RequestTable();
    logDirectories(table);
    features(table);
    return table;
  }

  private static void logDirectories(RequestTable table) {
    table.ask(
        "all partitions",
        ApiKeys.DESCRIBE_LOG_DIRS,
        (asked, version) -> new DescribeLogDirsRequestData().setTopics(null));
    table.ask(
        "no partition",
        ApiKeys.DESCRIBE_LOG_DIRS,
        (asked, version) -> new DescribeLogDirsRequestData());
    table.ask(
        "some partitions",
        ApiKeys.DESCRIBE_LOG_DIRS,
        (asked, version) -> {
          DescribeLogDirsRequestData request = new DescribeLogDirsRequestData();
          for (String topic : List.of("data", "nowhere")) {
            request
                .topics()
                .add(new DescribableLogDirTopic().setTopic(topic).setPartitions(List.of(0, 7)));
          }
          return request;
        });
    for (String directory : List.of("/no/such/directory", "relative", "")) {
      table.ask(
          "to '" + directory + "'",
          ApiKeys.ALTER_REPLICA_LOG_DIRS,
          (asked, version) -> {
            AlterReplicaLogDir to = new AlterReplicaLogDir().setPath(directory);
            for (String topic : List.of("data", "nowhere", "x".repeat(240))) {
              to.topics()
                  .add(new AlterReplicaLogDirTopic().setName(topic).setPartitions(List.of(0, 7)));
            }
            AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
            request.dirs().add(to);
            return request;
          });
    }
  }

  private static void features(RequestTable table) {
    for (String feature : List.of("metadata.version", "nothing", "")) {
      for (short level : new short[] {-1, 0, 1, 7}) {
        for (byte upgrade : new byte[] {0, 1, 2, 3}) {
          table.ask(
              "feature '" + feature + "' to " + level + " by " + upgrade,
              ApiKeys.UPDATE_FEATURES,
              (asked, version) -> update(version, feature, level, upgrade));
        }
      }
    }
    table.ask(
        "no feature", ApiKeys.UPDATE_FEATURES, (asked, version) -> new UpdateFeaturesRequestData());
  }

  private static UpdateFeaturesRequestData update(
      short version, String feature, short level, byte upgrade) {
    FeatureUpdateKey key = new FeatureUpdateKey().setFeature(feature).setMaxVersionLevel(level);
    if (version == 0) {
      if (upgrade > 1) {
        throw new UnsupportedVersionException("version 0 knows downgrades only");
      }
      key.setAllowDowngrade(upgrade == 1);
    } else {
      key.setUpgradeType(upgrade);
    }
    UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
    request.featureUpdates().add(key);
    return request;
  }
}
