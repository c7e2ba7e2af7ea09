package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;

/** LeaderAndIsr v0–7: the controller's orders who leads and who follows. */
public final class LeaderAndIsrHandler implements ApiHandler {
  private final ReplicaManager replicas;

  public LeaderAndIsrHandler(ReplicaManager replicas) {
    this.replicas = replicas;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LEADER_AND_ISR;
  }

  @Override
  public short minVersion() {
    return ApiKeys.LEADER_AND_ISR.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.LEADER_AND_ISR.latestVersion();
  }

  @Override
  public void handle(Request request) {
    request.respond(replicas.becomeLeaderOrFollower(request.body(LeaderAndIsrRequest.class)));
  }
}
