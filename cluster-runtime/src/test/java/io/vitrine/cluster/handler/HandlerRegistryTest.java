package io.vitrine.cluster.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.testing.Unlimited;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.NodeClients;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.Request;
import io.vitrine.protocol.server.ServerSettings;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.junit.jupiter.api.Test;

class HandlerRegistryTest {
  private static final ApiHandler HEARTBEAT = handler(ApiKeys.HEARTBEAT, 1, 3);

  @Test
  void aRequestIsServedOnlyInItsHandlersVersions() {
    HandlerRegistry registry =
        new HandlerRegistry(List.of(HEARTBEAT), Authorizer.allowAll(), Unlimited.quotas());
    assertThat(registry.supports(ApiKeys.HEARTBEAT, (short) 0)).isFalse();
    assertThat(registry.supports(ApiKeys.HEARTBEAT, (short) 1)).isTrue();
    assertThat(registry.supports(ApiKeys.HEARTBEAT, (short) 3)).isTrue();
    assertThat(registry.supports(ApiKeys.HEARTBEAT, (short) 4)).isFalse();
    assertThat(registry.supports(ApiKeys.FETCH, (short) 4)).isFalse();
  }

  @Test
  void twoHandlersOfOneApiAreAMistake() {
    assertThatThrownBy(
            () ->
                new HandlerRegistry(
                    List.of(HEARTBEAT, HEARTBEAT), Authorizer.allowAll(), Unlimited.quotas()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HEARTBEAT");
    assertThatThrownBy(
            () ->
                new HandlerRegistry(
                    List.of(handler(ApiKeys.HEARTBEAT, 3, 1)),
                    Authorizer.allowAll(),
                    Unlimited.quotas()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void apiVersionsTellsExactlyWhatTheHandlersDeclare() throws Exception {
    ApiVersionsHandler apiVersions =
        new ApiVersionsHandler(List.of(HEARTBEAT), InterBrokerProtocol.LATEST);
    HandlerRegistry registry =
        new HandlerRegistry(
            List.of(HEARTBEAT, apiVersions), Authorizer.allowAll(), Unlimited.quotas());
    try (ProtocolServer server =
            new ProtocolServer(
                settings(), registry, registry, (request, times) -> {}, System::nanoTime);
        NodeClients clients =
            new SocketClients(
                "test-",
                1,
                new ClientSettings("test", 5_000, 5_000, 1 << 20),
                ClientSecurity.plaintext())) {
      int port = server.bind().get(0).getPort();
      server.startAccepting();
      ApiVersionsResponse response =
          (ApiVersionsResponse)
              clients
                  .connectTo("127.0.0.1", port, "test")
                  .send(new ApiVersionsRequest.Builder(), (short) 3)
                  .get();
      assertThat(response.data().apiKeys())
          .containsExactly(version(ApiKeys.HEARTBEAT, 1, 3), version(ApiKeys.API_VERSIONS, 0, 4));
    }
  }

  private static ApiVersion version(ApiKeys api, int min, int max) {
    return new ApiVersion().setApiKey(api.id).setMinVersion((short) min).setMaxVersion((short) max);
  }

  private static ServerSettings settings() {
    return new ServerSettings(
        "PLAINTEXT", "127.0.0.1", 0, 1, 1, 10, 1 << 20, 100, 100, 60_000, 50, -1, -1, "test-");
  }

  private static ApiHandler handler(ApiKeys api, int min, int max) {
    return new ApiHandler() {
      @Override
      public ApiKeys api() {
        return api;
      }

      @Override
      public short minVersion() {
        return (short) min;
      }

      @Override
      public short maxVersion() {
        return (short) max;
      }

      @Override
      public void handle(Request request) {
        request.closeConnection();
      }
    };
  }
}
