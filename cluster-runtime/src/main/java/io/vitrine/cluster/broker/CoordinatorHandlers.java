package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.group.GroupCoordinator;
import io.vitrine.cluster.handler.AddOffsetsToTxnHandler;
import io.vitrine.cluster.handler.AddPartitionsToTxnHandler;
import io.vitrine.cluster.handler.ApiHandler;
import io.vitrine.cluster.handler.AutoTopicCreation;
import io.vitrine.cluster.handler.DeleteGroupsHandler;
import io.vitrine.cluster.handler.DescribeGroupsHandler;
import io.vitrine.cluster.handler.DescribeTransactionsHandler;
import io.vitrine.cluster.handler.EndTxnHandler;
import io.vitrine.cluster.handler.FindCoordinatorHandler;
import io.vitrine.cluster.handler.HeartbeatHandler;
import io.vitrine.cluster.handler.InitProducerIdHandler;
import io.vitrine.cluster.handler.JoinGroupHandler;
import io.vitrine.cluster.handler.LeaveGroupHandler;
import io.vitrine.cluster.handler.ListGroupsHandler;
import io.vitrine.cluster.handler.ListTransactionsHandler;
import io.vitrine.cluster.handler.OffsetCommitHandler;
import io.vitrine.cluster.handler.OffsetDeleteHandler;
import io.vitrine.cluster.handler.OffsetFetchHandler;
import io.vitrine.cluster.handler.SyncGroupHandler;
import io.vitrine.cluster.handler.TxnOffsetCommitHandler;
import io.vitrine.cluster.handler.WriteTxnMarkersHandler;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.transaction.TransactionCoordinator;
import io.vitrine.cluster.zookeeper.OldConsumerOffsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/** The handlers of calls about groups, their offsets, and transactions. */
record CoordinatorHandlers(
    BrokerConfig config,
    CoordinatorParts coordinators,
    ReplicationParts replication,
    OldConsumerOffsets oldOffsets,
    AutoTopicCreation autoCreation,
    Executor producerIdThread,
    InstantSource clock,
    Quotas quotas,
    Authorizer authorizer) {

  List<ApiHandler> all() {
    return Stream.of(List.of(findCoordinator()), ofGroups(), ofOffsets(), ofTransactions())
        .flatMap(List::stream)
        .toList();
  }

  private ApiHandler findCoordinator() {
    return new FindCoordinatorHandler(
        Map.of(
            CoordinatorType.GROUP,
            coordinators.groups().topic(),
            CoordinatorType.TRANSACTION,
            coordinators.transactions().topic()),
        replication.metadata(),
        autoCreation,
        quotas,
        authorizer);
  }

  private List<ApiHandler> ofGroups() {
    GroupCoordinator groups = coordinators.groups();
    boolean staticMembers = config.interBrokerProtocol().hasStaticMembers();
    return List.of(
        new JoinGroupHandler(groups, staticMembers, authorizer),
        new SyncGroupHandler(groups, staticMembers, authorizer),
        new HeartbeatHandler(groups, staticMembers, authorizer),
        new LeaveGroupHandler(groups, authorizer),
        new DescribeGroupsHandler(groups, authorizer),
        new ListGroupsHandler(groups, authorizer),
        new DeleteGroupsHandler(groups, authorizer));
  }

  private List<ApiHandler> ofOffsets() {
    GroupCoordinator groups = coordinators.groups();
    return List.of(
        new OffsetCommitHandler(
            groups,
            replication.metadata(),
            oldOffsets,
            clock,
            config.offsetMetadataMaxBytes(),
            config.interBrokerProtocol().hasStaticMembers(),
            authorizer),
        new OffsetFetchHandler(groups, replication.metadata(), oldOffsets, authorizer),
        new TxnOffsetCommitHandler(groups, replication.metadata(), clock, authorizer),
        new OffsetDeleteHandler(groups, replication.metadata(), authorizer));
  }

  private List<ApiHandler> ofTransactions() {
    TransactionCoordinator transactions = coordinators.transactions();
    return List.of(
        new InitProducerIdHandler(
            coordinators.producerIds(), transactions, producerIdThread, authorizer),
        new AddPartitionsToTxnHandler(transactions, replication.metadata(), authorizer),
        new AddOffsetsToTxnHandler(transactions, coordinators.groups().topic(), authorizer),
        new EndTxnHandler(transactions, authorizer),
        new WriteTxnMarkersHandler(
            replication.replicas(),
            coordinators.groups()::transactionEnded,
            config.requestTimeoutMs(),
            authorizer),
        new DescribeTransactionsHandler(transactions, authorizer),
        new ListTransactionsHandler(transactions, clock, authorizer));
  }
}
