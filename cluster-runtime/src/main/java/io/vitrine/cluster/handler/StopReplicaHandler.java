package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.StopReplicaRequest;

/** StopReplica v0–4: the controller's orders to stop, and perhaps delete, replicas. */
public final class StopReplicaHandler implements ApiHandler {
  private final ReplicaManager replicas;

  public StopReplicaHandler(ReplicaManager replicas) {
    this.replicas = replicas;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.STOP_REPLICA;
  }

  @Override
  public short minVersion() {
    return ApiKeys.STOP_REPLICA.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.STOP_REPLICA.latestVersion();
  }

  @Override
  public void handle(Request request) {
    request.respond(replicas.stopReplicas(request.body(StopReplicaRequest.class)));
  }
}
