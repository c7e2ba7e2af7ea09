package io.vitrine.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.codec.FrameMemory;
import io.vitrine.protocol.codec.LeakProof;
import io.vitrine.protocol.security.ListenerSecurity;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** M65: listeners and their network threads come and go while a server serves. */
@ExtendWith(LeakProof.class)
class LiveListenersTest {

  @Test
  void networkThreadsBecomeMoreAndFewer() throws Exception {
    try (RunningServer running = new RunningServer(TestRequests::answer)) {
      running.server.resizeNetworkThreads("PLAINTEXT", 5);
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(running.connect());
        served(clients.get(i), i);
      }
      assertThat(running.server.networkThreads())
          .extracting(NetworkThreadSample::index, NetworkThreadSample::connections)
          .containsExactly(tuple(0, 1), tuple(1, 1), tuple(2, 1), tuple(3, 1), tuple(4, 1));
      running.server.resizeNetworkThreads("PLAINTEXT", 2);
      for (RawClient tooMany : clients.subList(2, 5)) {
        assertThat(tooMany.isClosedWithoutAnswer()).isTrue();
      }
      served(clients.get(0), 10);
      served(clients.get(1), 11);
      try (RawClient late = running.connect()) {
        served(late, 12);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(RunningServer.threads())
                      .contains("broker-7-network-PLAINTEXT-1")
                      .doesNotContain("broker-7-network-PLAINTEXT-2"));
      running.server.resizeNetworkThreads("PLAINTEXT", 3);
      assertThat(running.server.networkThreads())
          .extracting(NetworkThreadSample::index)
          .containsExactly(0, 1, 5);
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static void served(RawClient client, int correlationId) throws Exception {
    client.send(TestRequests.heartbeat(correlationId));
    assertThat(client.receive().getInt(0)).isEqualTo(correlationId);
  }

  @Test
  void whoWaitsOnAThreadThatIsOneTooManyIsAnswered() throws Exception {
    LinkedBlockingQueue<Request> taken = new LinkedBlockingQueue<>();
    try (RunningServer running = new RunningServer(taken::add);
        RawClient first = running.connect()) {
      first.send(TestRequests.heartbeat(1));
      TestRequests.answer(taken.poll(60, TimeUnit.SECONDS));
      first.receive();
      try (RawClient second = running.connect()) {
        second.send(TestRequests.heartbeat(2));
        Request waiting = taken.poll(60, TimeUnit.SECONDS);
        running.server.resizeNetworkThreads("PLAINTEXT", 1);
        TestRequests.answer(waiting);
        assertThat(second.receive().getInt(0)).isEqualTo(2);
        assertThat(second.isClosedWithoutAnswer()).isTrue();
      }
    }
  }

  @Test
  void aListenerMoreServesUntilItIsRemoved() throws Exception {
    try (RunningServer running = new RunningServer(TestRequests::answer);
        RawClient stays = running.connect()) {
      InetSocketAddress address = running.server.add(listener("MORE", 0));
      try (RawClient client = new RawClient(address)) {
        served(client, 1);
        running.server.remove("MORE");
        assertThat(client.isClosedWithoutAnswer()).isTrue();
      }
      assertThatThrownBy(() -> new RawClient(address)).isInstanceOf(ConnectException.class);
      served(stays, 2);
      assertThat(RunningServer.threads()).noneMatch(name -> name.contains("MORE"));
    }
  }

  @Test
  void aListenerWithoutAPortChangesNothing() throws Exception {
    try (RunningServer running = new RunningServer(TestRequests::answer);
        RawClient client = running.connect()) {
      assertThatThrownBy(() -> running.server.add(listener("MORE", running.address.getPort())))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("Stop the program that holds this port");
      served(client, 1);
      await()
          .untilAsserted(
              () -> assertThat(RunningServer.threads()).noneMatch(name -> name.contains("MORE")));
    }
  }

  private static ServedListener listener(String name, int port) {
    ServerSettings s = RunningServer.settings(port);
    return new ServedListener(
        new ServerSettings(
            name,
            s.host(),
            port,
            s.networkThreads(),
            s.ioThreads(),
            s.queuedMaxRequests(),
            s.socketRequestMaxBytes(),
            s.maxConnections(),
            s.maxConnectionsPerIp(),
            s.connectionsMaxIdleMs(),
            s.backlog(),
            s.sendBufferBytes(),
            s.receiveBufferBytes(),
            s.threadPrefix()),
        ListenerSecurity.plaintext(name));
  }

  @Test
  void ofTooManyTheLeastRecentlyUsedIsClosed() throws Exception {
    Most admission = new Most();
    ServedListener listener = listener("PLAINTEXT", 0);
    try (ProtocolServer server =
        new ProtocolServer(
            List.of(listener),
            ApiKeys::isVersionSupported,
            TestRequests::answer,
            (request, times) -> {},
            admission,
            new FrameMemory(-1),
            System::nanoTime)) {
      InetSocketAddress address = server.bind().get(0);
      server.startAccepting();
      try (RawClient first = new RawClient(address);
          RawClient second = new RawClient(address);
          RawClient third = new RawClient(address)) {
        served(first, 1);
        served(second, 2);
        served(third, 3);
        served(first, 4);
        admission.lower(1);
        assertThat(second.isClosedWithoutAnswer()).isTrue();
        assertThat(third.isClosedWithoutAnswer()).isTrue();
        served(first, 5);
      }
    }
    RunningServer.assertNoThreads();
  }

  /** Takes everybody; what there may be is lowered afterwards. */
  private static final class Most implements ConnectionAdmission {
    private final AtomicInteger open = new AtomicInteger();
    private volatile int most = Integer.MAX_VALUE;
    private volatile Runnable told = () -> {};

    void lower(int next) {
      most = next;
      told.run();
    }

    @Override
    public int arrived(String listenerName) {
      return 0;
    }

    @Override
    public boolean hasRoom(String listenerName) {
      return open.get() < most;
    }

    @Override
    public Verdict enter(String listenerName, InetAddress ip) {
      open.incrementAndGet();
      return Verdict.TAKEN;
    }

    @Override
    public void left(String listenerName, InetAddress ip) {
      open.decrementAndGet();
      told.run();
    }

    @Override
    public boolean hasTooMany(String listenerName) {
      return open.get() > most;
    }

    @Override
    public void onRoom(String listenerName, Runnable next) {
      told = next;
    }

    @Override
    public void ended(String listenerName) {
      told = () -> {};
    }
  }
}
