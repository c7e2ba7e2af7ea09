package io.vitrine.cluster.handler;

import io.vitrine.cluster.replica.ReplicaManager;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.UpdateMetadataRequest;

/** UpdateMetadata v0–8: the controller's news of brokers, leaders and topics. */
public final class UpdateMetadataHandler implements ApiHandler {
  private final ReplicaManager replicas;

  public UpdateMetadataHandler(ReplicaManager replicas) {
    this.replicas = replicas;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.UPDATE_METADATA;
  }

  @Override
  public short minVersion() {
    return ApiKeys.UPDATE_METADATA.oldestVersion();
  }

  @Override
  public short maxVersion() {
    return ApiKeys.UPDATE_METADATA.latestVersion();
  }

  @Override
  public void handle(Request request) {
    request.respond(replicas.updateMetadata(request.body(UpdateMetadataRequest.class)));
  }
}
