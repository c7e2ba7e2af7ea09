package io.vitrine.cluster.broker;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.handler.AllocateProducerIdsHandler;
import io.vitrine.cluster.handler.AlterPartitionHandler;
import io.vitrine.cluster.handler.ApiHandler;
import io.vitrine.cluster.handler.ControlledShutdownHandler;
import io.vitrine.cluster.handler.LeaderAndIsrHandler;
import io.vitrine.cluster.handler.StopReplicaHandler;
import io.vitrine.cluster.handler.UpdateMetadataHandler;
import io.vitrine.cluster.replica.ReplicaManager;
import java.util.List;

/** The handlers of the controller's orders, and of what brokers ask of the controller. */
record BetweenBrokersHandlers(ReplicaManager replicas, Controller controller) {

  List<ApiHandler> all() {
    return List.of(
        new LeaderAndIsrHandler(replicas),
        new StopReplicaHandler(replicas),
        new UpdateMetadataHandler(replicas),
        new ControlledShutdownHandler(controller),
        new AlterPartitionHandler(controller),
        new AllocateProducerIdsHandler(controller));
  }
}
