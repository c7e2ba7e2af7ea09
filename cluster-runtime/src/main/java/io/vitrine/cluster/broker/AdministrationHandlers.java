package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.config.DynamicBrokerConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.handler.AlterClientQuotasHandler;
import io.vitrine.cluster.handler.AlterConfigsHandler;
import io.vitrine.cluster.handler.AlterPartitionReassignmentsHandler;
import io.vitrine.cluster.handler.ApiHandler;
import io.vitrine.cluster.handler.AutoTopicCreation;
import io.vitrine.cluster.handler.BrokerLoggers;
import io.vitrine.cluster.handler.ConfigWriter;
import io.vitrine.cluster.handler.CreatePartitionsHandler;
import io.vitrine.cluster.handler.CreateTopicsHandler;
import io.vitrine.cluster.handler.DeleteTopicsHandler;
import io.vitrine.cluster.handler.DescribeClientQuotasHandler;
import io.vitrine.cluster.handler.DescribeClusterHandler;
import io.vitrine.cluster.handler.DescribeConfigsHandler;
import io.vitrine.cluster.handler.ElectLeadersHandler;
import io.vitrine.cluster.handler.IncrementalAlterConfigsHandler;
import io.vitrine.cluster.handler.ListPartitionReassignmentsHandler;
import io.vitrine.cluster.handler.MetadataHandler;
import io.vitrine.cluster.handler.MetadataWait;
import io.vitrine.cluster.handler.UpdateFeaturesHandler;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.cluster.zookeeper.TopicStore;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The handlers of calls about the cluster, its topics and everybody's settings. */
record AdministrationHandlers(
    Identity identity,
    DynamicBrokerConfig settings,
    Controller controller,
    MetadataCache metadata,
    MetadataWait metadataWait,
    TopicStore topicStore,
    ConfigStore configStore,
    AutoTopicCreation autoCreation,
    Quotas quotas,
    Random random,
    Authorizer authorizer) {

  List<ApiHandler> all() {
    return Stream.of(ofCluster(), ofTopics(), ofSettings()).flatMap(List::stream).toList();
  }

  private List<ApiHandler> ofCluster() {
    BrokerConfig config = settings.current();
    return List.of(
        new MetadataHandler(
            metadata,
            autoCreation,
            config.autoCreateTopicsEnable(),
            identity.clusterId(),
            quotas,
            authorizer),
        new DescribeClusterHandler(metadata, identity.clusterId(), authorizer),
        new ElectLeadersHandler(controller, metadata, metadataWait, authorizer),
        new AlterPartitionReassignmentsHandler(controller),
        new ListPartitionReassignmentsHandler(controller),
        new UpdateFeaturesHandler(controller, config.interBrokerProtocol(), authorizer));
  }

  private List<ApiHandler> ofTopics() {
    return List.of(
        new CreateTopicsHandler(
            controller, settings, metadata, topicStore, metadataWait, random, quotas, authorizer),
        new DeleteTopicsHandler(
            controller, settings.current(), metadata, topicStore, metadataWait, quotas, authorizer),
        new CreatePartitionsHandler(
            controller, metadata, topicStore, metadataWait, quotas, authorizer));
  }

  private List<ApiHandler> ofSettings() {
    int id = identity.id();
    BrokerLoggers loggers = new BrokerLoggers(id);
    ConfigWriter writer = new ConfigWriter(id, metadata, settings, configStore, authorizer);
    return List.of(
        new DescribeConfigsHandler(id, settings, loggers, metadata, topicStore, authorizer),
        new IncrementalAlterConfigsHandler(writer, loggers, authorizer),
        new AlterConfigsHandler(writer),
        new DescribeClientQuotasHandler(configStore),
        new AlterClientQuotasHandler(configStore));
  }
}
