package io.vitrine.cluster.replica;

import io.vitrine.cluster.metadata.BrokerNode;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;

/**
 * Sends AlterPartition to whoever the metadata names as controller, over the wire also when that is
 * this very broker. Keeps one connection; guarded by this object's monitor.
 */
final class WireControllerChannel implements AlterPartitionSender.ControllerChannel {
  private final MetadataCache metadata;
  private final NodeClients clients;
  private final String listenerName;
  private BrokerNode.HostPort connectedTo;
  private NodeClient client;

  WireControllerChannel(MetadataCache metadata, NodeClients clients, String listenerName) {
    this.metadata = metadata;
    this.clients = clients;
    this.listenerName = listenerName;
  }

  @Override
  public CompletableFuture<AlterPartitionResponse> send(
      AlterPartitionRequest.Builder request, short version) {
    MetadataImage image = metadata.image();
    Optional<BrokerNode.HostPort> address =
        image.broker(image.controllerId()).flatMap(node -> node.endpoint(listenerName));
    if (address.isEmpty()) {
      return CompletableFuture.failedFuture(
          new BrokerNotAvailableException("no controller is known"));
    }
    return clientFor(address.get())
        .send(request, version)
        .thenApply(AlterPartitionResponse.class::cast);
  }

  private synchronized NodeClient clientFor(BrokerNode.HostPort address) {
    if (!address.equals(connectedTo)) {
      if (client != null) {
        client.close();
      }
      client = clients.connectTo(address.host(), address.port(), "alter-partition");
      connectedTo = address;
    }
    return client;
  }
}
