package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import io.vitrine.storage.LogManager;
import io.vitrine.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;

/**
 * Sizes of the asked partitions in each log directory of this broker, and the space of each
 * directory's file system. An offline directory answers KAFKA_STORAGE_ERROR, the others answer in
 * full. A replica on its way to another directory is there twice: its future log too, with the
 * records that it lacks yet.
 */
public final class DescribeLogDirsHandler implements ApiHandler {
  private final LogManager logs;
  private final Authorizer authorizer;

  public DescribeLogDirsHandler(LogManager logs, Authorizer authorizer) {
    this.logs = logs;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_LOG_DIRS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 4;
  }

  @Override
  public void handle(Request request) {
    if (!authorizer.authorizeCluster(request, AclOperation.DESCRIBE)) {
      request.respond(
          new DescribeLogDirsResponse(
              new DescribeLogDirsResponseData()
                  .setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code())));
      return;
    }
    DescribeLogDirsRequest body = request.body(DescribeLogDirsRequest.class);
    Set<TopicPartition> asked = new HashSet<>();
    if (!body.isAllTopicPartitions()) {
      for (DescribableLogDirTopic topic : body.data().topics()) {
        topic.partitions().forEach(p -> asked.add(new TopicPartition(topic.topic(), p)));
      }
    }
    List<DescribeLogDirsResult> results = new ArrayList<>();
    for (Path directory : logs.liveDirectories()) {
      results.add(describe(directory, body.isAllTopicPartitions(), asked));
    }
    for (Path directory : logs.offlineDirectories()) {
      results.add(failed(directory));
    }
    request.respond(
        new DescribeLogDirsResponse(new DescribeLogDirsResponseData().setResults(results)));
  }

  private DescribeLogDirsResult describe(Path directory, boolean all, Set<TopicPartition> asked) {
    Map<String, DescribeLogDirsTopic> topics = new TreeMap<>();
    for (PartitionLog log : logs.logs()) {
      if (log.logDirectory().equals(directory) && (all || asked.contains(log.topicPartition()))) {
        long lag = Math.max(0, log.highWatermark() - log.logEndOffset());
        add(topics, describe(log, lag, false), log);
      }
    }
    for (PartitionLog log : logs.futureLogs()) {
      if (log.logDirectory().equals(directory) && (all || asked.contains(log.topicPartition()))) {
        long lag =
            logs.log(log.topicPartition())
                .map(current -> current.logEndOffset() - log.logEndOffset())
                .orElse(DescribeLogDirsResponse.INVALID_OFFSET_LAG);
        add(topics, describe(log, lag, true), log);
      }
    }
    try {
      FileStore store = Files.getFileStore(directory);
      return new DescribeLogDirsResult()
          .setLogDir(directory.toAbsolutePath().toString())
          .setTopics(new ArrayList<>(topics.values()))
          .setTotalBytes(bounded(store.getTotalSpace()))
          .setUsableBytes(bounded(store.getUsableSpace()));
    } catch (IOException e) {
      return failed(directory);
    }
  }

  private static void add(
      Map<String, DescribeLogDirsTopic> topics,
      DescribeLogDirsPartition described,
      PartitionLog log) {
    topics
        .computeIfAbsent(
            log.topicPartition().topic(), name -> new DescribeLogDirsTopic().setName(name))
        .partitions()
        .add(described);
  }

  private static DescribeLogDirsPartition describe(PartitionLog log, long lag, boolean future) {
    return new DescribeLogDirsPartition()
        .setPartitionIndex(log.topicPartition().partition())
        .setPartitionSize(log.sizeBytes())
        .setOffsetLag(lag)
        .setIsFutureKey(future);
  }

  private static DescribeLogDirsResult failed(Path directory) {
    return new DescribeLogDirsResult()
        .setLogDir(directory.toAbsolutePath().toString())
        .setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
  }

  /** Very large file systems report more than a long holds, as a negative number. */
  private static long bounded(long bytes) {
    return bytes < 0 ? Long.MAX_VALUE : bytes;
  }
}
