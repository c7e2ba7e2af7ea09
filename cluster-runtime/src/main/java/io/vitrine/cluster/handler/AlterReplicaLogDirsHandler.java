package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.protocol.server.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.requests.AlterReplicaLogDirsResponse;

/**
 * Moves replicas of this broker between its log directories (KIP-113). The answer says that moves
 * have begun; DescribeLogDirs shows how far they are.
 */
public final class AlterReplicaLogDirsHandler implements ApiHandler {
  private final ReplicaManager replicas;

  public AlterReplicaLogDirsHandler(ReplicaManager replicas) {
    this.replicas = replicas;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_REPLICA_LOG_DIRS;
  }

  @Override
  public short minVersion() {
    return ApiKeys.ALTER_REPLICA_LOG_DIRS.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.ALTER_REPLICA_LOG_DIRS.latestVersion();
  }

  @Override
  public void handle(Request request) {
    Map<TopicPartition, Errors> outcome =
        replicas.alterReplicaLogDirs(
            request.body(AlterReplicaLogDirsRequest.class).partitionDirs());
    Map<String, AlterReplicaLogDirTopicResult> topics = new LinkedHashMap<>();
    outcome.forEach(
        (tp, error) ->
            topics
                .computeIfAbsent(
                    tp.topic(), name -> new AlterReplicaLogDirTopicResult().setTopicName(name))
                .partitions()
                .add(
                    new AlterReplicaLogDirPartitionResult()
                        .setPartitionIndex(tp.partition())
                        .setErrorCode(error.code())));
    request.respond(
        new AlterReplicaLogDirsResponse(
            new AlterReplicaLogDirsResponseData().setResults(topics.values().stream().toList())));
  }
}
