package io.vitrine.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.codec.LeakProof;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.ServerSettings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakProof.class)
class SocketClientTest {
  private final SocketClients clients =
      new SocketClients(
          "broker-8-",
          1,
          new ClientSettings("8", 5_000, 10_000, 1 << 20),
          ClientSecurity.plaintext());

  private static HeartbeatRequest.Builder heartbeat() {
    return new HeartbeatRequest.Builder(new HeartbeatRequestData().setGroupId("g"));
  }

  private static short error(CompletableFuture<AbstractResponse> response) throws Exception {
    return ((HeartbeatResponse) response.get(10, TimeUnit.SECONDS)).error().code();
  }

  private static void assertFails(
      CompletableFuture<AbstractResponse> response, Class<? extends Throwable> cause) {
    assertThat(response)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(cause);
  }

  private NodeClient connectTo(FakeNode node) {
    return clients.connectTo("127.0.0.1", node.port(), "test");
  }

  @AfterEach
  void noThreadIsLeft() {
    clients.close();
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("broker-8-")));
  }

  @Test
  void requestsArePipelinedAndEachGetsItsOwnAnswer() throws Exception {
    try (FakeNode node = new FakeNode()) {
      NodeClient client = connectTo(node);
      List<CompletableFuture<AbstractResponse>> responses = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        responses.add(client.send(heartbeat(), (short) 4));
      }
      node.accept();
      List<RequestHeader> headers = List.of(node.receive(), node.receive(), node.receive());
      int[] errors = {0, 25, 27};
      for (int i = 0; i < 3; i++) {
        assertThat(headers.get(i).clientId()).isEqualTo("8");
        node.answer(headers.get(i), headers.get(i).correlationId(), errors[i]);
        assertThat(error(responses.get(i))).isEqualTo((short) errors[i]);
      }
    }
  }

  @Test
  void lossFailsWhatIsUnderWayAndTheNextRequestConnectsAgain() throws Exception {
    try (FakeNode node = new FakeNode()) {
      NodeClient client = connectTo(node);
      CompletableFuture<AbstractResponse> first = client.send(heartbeat(), (short) 4);
      CompletableFuture<AbstractResponse> second = client.send(heartbeat(), (short) 4);
      node.accept();
      node.receive();
      node.drop();
      assertFails(first, DisconnectException.class);
      assertFails(second, DisconnectException.class);
      CompletableFuture<AbstractResponse> third = client.send(heartbeat(), (short) 4);
      node.accept();
      RequestHeader header = node.receive();
      node.answer(header, header.correlationId(), 0);
      assertThat(error(third)).isZero();
    }
  }

  @Test
  void timeoutFailsTheRequestAndDropsTheConnection() throws Exception {
    try (FakeNode node = new FakeNode()) {
      NodeClient client = connectTo(node);
      CompletableFuture<AbstractResponse> patient = client.send(heartbeat(), (short) 4);
      CompletableFuture<AbstractResponse> hasty =
          client.send(heartbeat(), (short) 4, Duration.ofMillis(50));
      node.accept();
      assertFails(hasty, TimeoutException.class);
      assertFails(patient, DisconnectException.class);
      node.receive();
      node.receive();
      assertThat(node.isClosedByClient()).isTrue();
    }
  }

  @Test
  void answerOfAnotherRequestDropsTheConnection() throws Exception {
    try (FakeNode node = new FakeNode()) {
      CompletableFuture<AbstractResponse> response = connectTo(node).send(heartbeat(), (short) 4);
      node.accept();
      RequestHeader header = node.receive();
      node.answer(header, header.correlationId() + 1, 0);
      assertFails(response, DisconnectException.class);
      assertThat(node.isClosedByClient()).isTrue();
    }
  }

  @Test
  void tooLargeAnswerDropsTheConnection() throws Exception {
    try (FakeNode node = new FakeNode()) {
      CompletableFuture<AbstractResponse> response = connectTo(node).send(heartbeat(), (short) 4);
      node.accept();
      node.receive();
      node.announce(1 << 30);
      assertFails(response, DisconnectException.class);
    }
  }

  @Test
  void nobodyListeningIsADisconnect() throws Exception {
    int port;
    try (FakeNode node = new FakeNode()) {
      port = node.port();
    }
    NodeClient client = clients.connectTo("127.0.0.1", port, "test");
    assertFails(client.send(heartbeat(), (short) 4), DisconnectException.class);
    assertFails(client.send(heartbeat(), (short) 4), DisconnectException.class);
  }

  @Test
  void closedClientAndClosedClientsFailEverything() throws Exception {
    try (FakeNode node = new FakeNode()) {
      NodeClient client = connectTo(node);
      CompletableFuture<AbstractResponse> underWay = client.send(heartbeat(), (short) 4);
      client.close();
      assertFails(underWay, DisconnectException.class);
      assertFails(client.send(heartbeat(), (short) 4), DisconnectException.class);
      NodeClient other = connectTo(node);
      CompletableFuture<AbstractResponse> killed = other.send(heartbeat(), (short) 4);
      clients.kill();
      assertFails(killed, DisconnectException.class);
      assertFails(other.send(heartbeat(), (short) 4), DisconnectException.class);
    }
  }

  @Test
  void everyFutureCompletesWhereverTheEndFallsBetweenRequests() throws Exception {
    for (int round = 0; round < 50; round++) {
      try (FakeNode node = new FakeNode();
          NodeClients ending =
              new SocketClients(
                  "broker-8-",
                  1,
                  new ClientSettings("8", 5_000, 60_000, 1 << 20),
                  ClientSecurity.plaintext())) {
        List<NodeClient> nodes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          nodes.add(ending.connectTo("127.0.0.1", node.port(), "test"));
        }
        Thread killing = new Thread(ending::kill, "killing");
        List<CompletableFuture<AbstractResponse>> responses = new ArrayList<>();
        for (NodeClient client : nodes) {
          responses.add(client.send(heartbeat(), (short) 4));
          if (responses.size() == 5) {
            killing.start();
          }
        }
        killing.join();
        for (CompletableFuture<AbstractResponse> response : responses) {
          assertFails(response, DisconnectException.class);
        }
      }
    }
  }

  @Test
  void dedicatedThreadAsksIsAnsweredAndEndsWithItsClient() throws Exception {
    try (FakeNode node = new FakeNode()) {
      DedicatedClient client =
          clients.connectWithThread("127.0.0.1", node.port(), "test", "broker-8-own");
      CompletableFuture<String> threads = new CompletableFuture<>();
      client
          .thread()
          .execute(
              () -> {
                String asking = Thread.currentThread().getName();
                client
                    .send(heartbeat(), (short) 4)
                    .thenAccept(
                        answer ->
                            threads.complete(asking + " " + Thread.currentThread().getName()));
              });
      node.accept();
      RequestHeader header = node.receive();
      node.answer(header, header.correlationId(), 0);
      assertThat(threads)
          .succeedsWithin(Duration.ofSeconds(60))
          .isEqualTo("broker-8-own broker-8-own");

      CompletableFuture<AbstractResponse> underWay = client.send(heartbeat(), (short) 4);
      client.close();
      assertFails(underWay, DisconnectException.class);
      client.join(60_000);
      assertThat(client.thread().isTerminated()).isTrue();
      assertFails(client.send(heartbeat(), (short) 4), DisconnectException.class);
    }
  }

  @Test
  void whoEndsAllClientsEndsThoseWithAThreadOfTheirOwn() throws Exception {
    try (FakeNode node = new FakeNode()) {
      DedicatedClient used =
          clients.connectWithThread("127.0.0.1", node.port(), "test", "broker-8-used");
      DedicatedClient unused =
          clients.connectWithThread("127.0.0.1", node.port(), "test", "broker-8-unused");
      CompletableFuture<AbstractResponse> underWay = used.send(heartbeat(), (short) 4);
      node.accept();
      clients.kill();
      assertFails(underWay, DisconnectException.class);
      assertThat(used.thread().isTerminated()).isTrue();
      assertThat(unused.thread().isTerminated()).isTrue();
    }
  }

  @Test
  void disconnectFailsWhatIsUnderWayOnly() throws Exception {
    try (FakeNode node = new FakeNode()) {
      NodeClient client = connectTo(node);
      CompletableFuture<AbstractResponse> first = client.send(heartbeat(), (short) 4);
      node.accept();
      node.receive();
      client.disconnect();
      assertFails(first, DisconnectException.class);
      CompletableFuture<AbstractResponse> second = client.send(heartbeat(), (short) 4);
      node.accept();
      RequestHeader header = node.receive();
      node.answer(header, header.correlationId(), 0);
      assertThat(error(second)).isZero();
    }
  }

  @Test
  void versionThatCannotBeSaidFailsTheFuture() throws Exception {
    try (FakeNode node = new FakeNode()) {
      HeartbeatRequest.Builder withInstance =
          new HeartbeatRequest.Builder(
              new HeartbeatRequestData().setGroupId("g").setGroupInstanceId("i"));
      assertFails(connectTo(node).send(withInstance, (short) 0), UnsupportedVersionException.class);
    }
  }

  @Test
  void moreThanTheLimitUnderWayFailAtOnce() throws Exception {
    try (FakeNode node = new FakeNode()) {
      NodeClient client = connectTo(node);
      for (int i = 0; i < SocketClient.MAX_UNDER_WAY; i++) {
        client.send(heartbeat(), (short) 4);
      }
      assertFails(client.send(heartbeat(), (short) 4), DisconnectException.class);
    }
  }

  @Test
  void fetchedRecordsComeFromOurServerIntoHeapMemory() throws Exception {
    MemoryRecords sent =
        MemoryRecords.withRecords(
            Compression.NONE,
            new SimpleRecord(1, new byte[200_000]),
            new SimpleRecord("b".getBytes()));
    ServerSettings settings =
        new ServerSettings(
            "PLAINTEXT", "127.0.0.1", 0, 1, 1, 10, 1 << 20, 10, 10, -1, 50, -1, -1, "broker-8-");
    try (ProtocolServer server =
        new ProtocolServer(
            settings,
            ApiKeys::isVersionSupported,
            request -> request.respond(fetchResponse(sent)),
            (request, times) -> {},
            System::nanoTime)) {
      InetSocketAddress address = server.bind().get(0);
      server.startAccepting();
      NodeClient client = clients.connectTo("127.0.0.1", address.getPort(), "fetch");
      for (int i = 0; i < 5; i++) {
        FetchResponse response =
            (FetchResponse)
                client
                    .send(new FetchRequest.SimpleBuilder(new FetchRequestData()), (short) 12)
                    .get(10, TimeUnit.SECONDS);
        MemoryRecords received =
            (MemoryRecords) response.data().responses().get(0).partitions().get(0).records();
        assertThat(received).isEqualTo(sent);
        assertThat(received.buffer().isDirect()).isFalse();
      }
    }
  }

  private static FetchResponse fetchResponse(MemoryRecords records) {
    FetchResponseData.FetchableTopicResponse topic =
        new FetchResponseData.FetchableTopicResponse().setTopic("t");
    topic.partitions().add(new FetchResponseData.PartitionData().setRecords(records));
    FetchResponseData data = new FetchResponseData();
    data.responses().add(topic);
    return new FetchResponse(data);
  }
}
