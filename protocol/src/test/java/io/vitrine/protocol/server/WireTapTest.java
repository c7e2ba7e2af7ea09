package io.vitrine.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.gate.ReceivedFrame;
import io.vitrine.protocol.gate.StageTimes;
import io.vitrine.protocol.gate.TappedRequest;
import io.vitrine.protocol.gate.WireTap;
import io.vitrine.protocol.security.ListenerSecurity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireTapTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Tap tap = new Tap();
  private ProtocolServer server;

  @AfterEach
  void end() {
    server.close();
    RunningServer.assertNoThreads();
  }

  @Test
  void hearsARequestAndItsAnswerByteForByte() throws IOException {
    tap.open = true;
    byte[] sent = TestRequests.heartbeat(11);
    byte[] answer;
    try (RawClient client = new RawClient(serve(TestRequests::answer))) {
      client.send(sent);
      answer = client.receive().array();
    }

    await().atMost(PATIENCE).until(() -> tap.over.size() == 1);
    ReceivedFrame request = tap.received.element();
    assertThat(request.header().correlationId()).isEqualTo(11);
    assertThat(request.head()).isEqualTo(Arrays.copyOfRange(sent, 4, sent.length));
    assertThat(request.sizeBytes()).isEqualTo(sent.length - 4);
    assertThat(request.listenerName()).isEqualTo("PLAINTEXT");
    byte[] told = tap.answers.element();
    assertThat(Arrays.copyOfRange(told, 4, told.length)).isEqualTo(answer);
    assertThat(tap.errors).containsExactly(Map.of(Errors.REBALANCE_IN_PROGRESS, 1));
    StageTimes times = tap.over.element();
    assertThat(times.totalNanos())
        .isEqualTo(
            times.queueNanos()
                + times.localNanos()
                + times.remoteNanos()
                + times.responseQueueNanos()
                + times.sendNanos());
  }

  @Test
  void whileItIsShutNothingIsCopiedAndItIsAskedOnceARequest() throws IOException {
    try (RawClient client = new RawClient(serve(TestRequests::answer))) {
      for (int i = 0; i < 20; i++) {
        client.send(TestRequests.heartbeat(i));
        client.receive();
      }
    }

    assertThat(tap.asked).hasSize(20);
    assertThat(tap.copied).isEmpty();
    assertThat(tap.received).isEmpty();
    assertThat(tap.over).isEmpty();
  }

  @Test
  void hearsTheEndOfARequestWithoutAnAnswer() throws IOException {
    tap.open = true;
    try (RawClient client = new RawClient(serve(Request::finishWithoutResponse))) {
      client.send(TestRequests.produce(0, 3));
      await().atMost(PATIENCE).until(() -> tap.over.size() == 1);
    }

    assertThat(tap.answers).isEmpty();
  }

  @Test
  void aTapThatFailsHurtsNobody() throws IOException {
    tap.open = true;
    tap.failing = true;
    try (RawClient client = new RawClient(serve(TestRequests::answer))) {
      client.send(TestRequests.heartbeat(1));
      assertThat(client.receive().getInt()).isEqualTo(1);
    }
  }

  @Test
  void theThreadsOfAServerSayWhatTheyAreAt() throws IOException {
    CountDownLatch goOn = new CountDownLatch(1);
    RequestHandler slow =
        request -> {
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          TestRequests.answer(request);
        };
    try (RawClient client = new RawClient(serve(slow))) {
      client.send(TestRequests.heartbeat(1));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  server.pipeline().ioThreads().stream()
                      .anyMatch(
                          thread ->
                              thread.serving().filter(ApiKeys.HEARTBEAT::equals).isPresent()
                                  && thread.clientId().equals("raw")));
      PipelineSample sample = server.pipeline();
      assertThat(sample.ioThreads()).extracting(IoThreadSample::number).containsExactly(0, 1, 2, 3);
      assertThat(sample.ioThreads()).filteredOn(thread -> thread.serving().isPresent()).hasSize(1);
      assertThat(sample.listeners()).hasSize(1);
      assertThat(sample.listeners().get(0).networkThreads()).hasSize(3);
      assertThat(sample.listeners().get(0).networkThreads())
          .extracting(NetworkThreadSample::connections)
          .contains(1);
      goOn.countDown();
      client.receive();
    } finally {
      goOn.countDown();
    }
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                server.pipeline().ioThreads().stream()
                    .allMatch(thread -> thread.serving().isEmpty()));
  }

  private InetSocketAddress serve(RequestHandler handler) throws IOException {
    ServerSettings settings = RunningServer.settings(0);
    server =
        new ProtocolServer(
            List.of(
                new ServedListener(settings, ListenerSecurity.plaintext(settings.listenerName()))),
            ApiKeys::isVersionSupported,
            handler,
            (request, times) -> {},
            new ConnectionCounts(100, 100),
            new FrameMemory(-1),
            tap,
            System::nanoTime);
    InetSocketAddress address = server.bind().get(0);
    server.startAccepting();
    return address;
  }

  /** Keeps what it hears. */
  private static final class Tap implements WireTap {
    final Queue<Boolean> asked = new ConcurrentLinkedQueue<>();
    final Queue<Boolean> copied = new ConcurrentLinkedQueue<>();
    final Queue<ReceivedFrame> received = new ConcurrentLinkedQueue<>();
    final Queue<byte[]> answers = new ConcurrentLinkedQueue<>();
    final Queue<StageTimes> over = new ConcurrentLinkedQueue<>();
    final Set<Map<Errors, Integer>> errors = ConcurrentHashMap.newKeySet();
    volatile boolean open;
    volatile boolean failing;

    @Override
    public boolean isOpen() {
      asked.add(open);
      return open;
    }

    @Override
    public int headBytes() {
      copied.add(true);
      return 1 << 16;
    }

    @Override
    public TappedRequest received(ReceivedFrame frame) {
      received.add(frame);
      return new TappedRequest() {
        @Override
        public void answered(
            AbstractResponse response, short version, long sizeBytes, byte[] head) {
          if (failing) {
            throw new IllegalStateException("on purpose");
          }
          assertThat(sizeBytes).isEqualTo(head.length);
          errors.add(response.errorCounts());
          answers.add(head);
        }

        @Override
        public void over(StageTimes times) {
          if (failing) {
            throw new IllegalStateException("on purpose");
          }
          over.add(times);
        }

        @Override
        public void lost() {}
      };
    }
  }
}
