package io.vitrine.cluster.handler;

import io.vitrine.cluster.metadata.BrokerNode;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;

/**
 * Brokers, controller and cluster id as this broker knows them. A request for controllers'
 * endpoints (KIP-919) is refused: those are of KRaft.
 */
public final class DescribeClusterHandler implements ApiHandler {
  private static final byte BROKERS = 1;

  /** In place of a controller whose address clients are not told. */
  private static final int NOBODY = -1;

  private final MetadataCache metadata;
  private final String clusterId;
  private final Authorizer authorizer;

  public DescribeClusterHandler(MetadataCache metadata, String clusterId, Authorizer authorizer) {
    this.metadata = metadata;
    this.clusterId = clusterId;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_CLUSTER;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 1;
  }

  @Override
  public void handle(Request request) {
    DescribeClusterRequestData body = request.body(DescribeClusterRequest.class).data();
    if (body.endpointType() != BROKERS) {
      request.respond(
          new DescribeClusterResponse(
              new DescribeClusterResponseData()
                  .setErrorCode(
                      (body.endpointType() == 2
                              ? Errors.MISMATCHED_ENDPOINT_TYPE
                              : Errors.UNSUPPORTED_ENDPOINT_TYPE)
                          .code())
                  .setErrorMessage("This is an endpoint of brokers.")));
      return;
    }
    MetadataImage image = metadata.image();
    DescribeClusterResponseData response =
        new DescribeClusterResponseData()
            .setEndpointType(BROKERS)
            .setClusterId(clusterId)
            .setControllerId(image.controllerId());
    if (body.includeClusterAuthorizedOperations()) {
      response.setClusterAuthorizedOperations(authorizer.authorizedClusterOperations(request));
    }
    String listener = request.connection().listenerName();
    for (BrokerNode broker : image.aliveBrokers().values()) {
      broker
          .node(listener)
          .ifPresent(
              node ->
                  response
                      .brokers()
                      .add(
                          new DescribeClusterBroker()
                              .setBrokerId(node.id())
                              .setHost(node.host())
                              .setPort(node.port())
                              .setRack(node.rack())));
    }
    if (response.brokers().find(image.controllerId()) == null) {
      response.setControllerId(NOBODY);
    }
    request.respond(new DescribeClusterResponse(response));
  }
}
