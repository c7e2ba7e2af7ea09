package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.handler.AlterReplicaLogDirsHandler;
import io.vitrine.cluster.handler.ApiHandler;
import io.vitrine.cluster.handler.DeleteRecordsHandler;
import io.vitrine.cluster.handler.DescribeLogDirsHandler;
import io.vitrine.cluster.handler.DescribeProducersHandler;
import io.vitrine.cluster.handler.FetchHandler;
import io.vitrine.cluster.handler.ListOffsetsHandler;
import io.vitrine.cluster.handler.OffsetForLeaderEpochHandler;
import io.vitrine.cluster.handler.OlderFormats;
import io.vitrine.cluster.handler.ProduceHandler;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.storage.LogManager;
import java.util.List;

/** The handlers of calls about the records this broker holds. */
record RecordHandlers(
    BrokerConfig config,
    ReplicaManager replicas,
    MetadataCache metadata,
    LogManager logs,
    TopicConfigs topics,
    Quotas quotas,
    Traffic traffic,
    Authorizer authorizer) {

  List<ApiHandler> all() {
    return List.of(
        new ProduceHandler(replicas, metadata, authorizer),
        new FetchHandler(
            replicas,
            metadata,
            config.fetchMaxBytes(),
            quotas,
            traffic,
            authorizer,
            new OlderFormats(topic -> topics.of(topic).messageDownConversionEnable(), traffic)),
        new DeleteRecordsHandler(replicas, metadata, authorizer),
        new ListOffsetsHandler(replicas, authorizer),
        new OffsetForLeaderEpochHandler(replicas, authorizer),
        new DescribeProducersHandler(replicas, metadata, authorizer),
        new DescribeLogDirsHandler(logs, authorizer),
        new AlterReplicaLogDirsHandler(replicas));
  }
}
