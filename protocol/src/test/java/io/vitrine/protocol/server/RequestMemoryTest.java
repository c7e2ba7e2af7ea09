package io.vitrine.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.codec.LeakProof;
import io.vitrine.protocol.security.ListenerSecurity;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Memory for requests in flight: {@code queued.max.request.bytes}. */
@ExtendWith(LeakProof.class)
class RequestMemoryTest {
  private static final int BOUND = 100;

  private final FrameMemory memory = new FrameMemory(BOUND);
  private final LinkedBlockingQueue<Request> served = new LinkedBlockingQueue<>();

  @Test
  void requestsBeyondItWaitForOthersToEnd() throws Exception {
    ServerSettings settings = RunningServer.settings(0);
    try (ProtocolServer server = server(settings)) {
      InetSocketAddress address = server.bind().get(0);
      server.startAccepting();
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        clients.add(new RawClient(address));
      }
      // Announces what it does not send.
      RawClient silent = clients.remove(0);
      silent.send(ByteBuffer.allocate(4).putInt(60).array());
      await().until(() -> memory.usedBytes() == 60);
      for (int i = 0; i < clients.size(); i++) {
        clients.get(i).send(TestRequests.produce(1, i));
      }
      Request first = served.poll(10, TimeUnit.SECONDS);
      int size = first.sizeBytes();
      assertThat(memory.usedBytes()).isLessThan(BOUND + size);
      int most = (BOUND - 60 + size - 1) / size;
      List<Request> held = new ArrayList<>(List.of(first));
      while (held.size() < most) {
        held.add(served.poll(10, TimeUnit.SECONDS));
      }
      assertThat(memory.availableBytes()).isLessThanOrEqualTo(0);
      assertThat(served).as("more than there is room for").isEmpty();

      silent.close();
      int answered = 0;
      while (answered < clients.size()) {
        Request next = held.isEmpty() ? served.poll(10, TimeUnit.SECONDS) : held.remove(0);
        next.respond(new ProduceResponse(new ProduceResponseData()));
        answered++;
      }
      for (RawClient client : clients) {
        client.receive();
        client.close();
      }
      await().until(() -> memory.usedBytes() == 0);
    }
    RunningServer.assertNoThreads();
  }

  private ProtocolServer server(ServerSettings settings) {
    return new ProtocolServer(
        List.of(new ServedListener(settings, ListenerSecurity.plaintext(settings.listenerName()))),
        ApiKeys::isVersionSupported,
        served::add,
        (request, times) -> {},
        new ConnectionCounts(1000, 1000),
        memory,
        System::nanoTime);
  }
}
