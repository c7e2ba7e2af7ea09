package io.vitrine.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.codec.LeakProof;
import java.net.BindException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Limits, queues, stage times, and how a server begins and ends (M44, M45, M47). */
@ExtendWith(LeakProof.class)
class ServerLifeTest {

  private static ServerSettings with(
      ServerSettings s, int ioThreads, int queue, int max, int perIp, long idleMs) {
    return new ServerSettings(
        s.listenerName(),
        s.host(),
        s.port(),
        s.networkThreads(),
        ioThreads,
        queue,
        s.socketRequestMaxBytes(),
        max,
        perIp,
        idleMs,
        s.backlog(),
        102_400,
        102_400,
        s.threadPrefix());
  }

  @Test
  void threadsAreNamedAsKafkasAre() throws Exception {
    try (RunningServer running = new RunningServer(TestRequests::answer)) {
      List<RawClient> clients = List.of(running.connect(), running.connect(), running.connect());
      await()
          .untilAsserted(
              () ->
                  assertThat(RunningServer.threads())
                      .containsExactly(
                          "broker-7-acceptor-PLAINTEXT",
                          "broker-7-io-0",
                          "broker-7-io-1",
                          "broker-7-io-2",
                          "broker-7-io-3",
                          "broker-7-network-PLAINTEXT-0",
                          "broker-7-network-PLAINTEXT-1",
                          "broker-7-network-PLAINTEXT-2"));
      await()
          .untilAsserted(
              () ->
                  assertThat(running.server.sample().connectionsPerNetworkThread())
                      .containsExactly(1, 1, 1));
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void connectionIdIsKafkas() throws Exception {
    LinkedBlockingQueue<Request> served = new LinkedBlockingQueue<>();
    try (RunningServer running = new RunningServer(served::add);
        RawClient client = running.connect()) {
      client.send(TestRequests.heartbeat(1));
      Request request = served.poll(10, TimeUnit.SECONDS);
      assertThat(request.connection().connectionId())
          .isEqualTo(
              "127.0.0.1:"
                  + running.address.getPort()
                  + "-127.0.0.1:"
                  + client.socket.getLocalPort()
                  + "-0");
      TestRequests.answer(request);
      client.receive();
    }
  }

  @Test
  void portTakenIsSaidWithItsRemedyAndLeavesNoThread() throws Exception {
    try (RunningServer running = new RunningServer(TestRequests::answer)) {
      ProtocolServer second =
          new ProtocolServer(
              RunningServer.settings(running.address.getPort()),
              (api, version) -> true,
              TestRequests::answer,
              (request, times) -> {},
              System::nanoTime);
      assertThatThrownBy(second::bind)
          .isInstanceOf(BindException.class)
          .hasMessageContaining("127.0.0.1:" + running.address.getPort())
          .hasMessageContaining("Stop the program that holds this port");
    }
  }

  @Test
  void connectionsAboveThePerIpLimitAreClosed() throws Exception {
    try (RunningServer running =
        new RunningServer(s -> with(s, 4, 500, 100, 2, -1), TestRequests::answer)) {
      RawClient first = running.connect();
      RawClient second = running.connect();
      second.send(TestRequests.heartbeat(1));
      second.receive();
      try (RawClient third = running.connect()) {
        assertThat(third.isClosedWithoutAnswer()).isTrue();
      }
      first.close();
      await().until(() -> running.server.sample().connections() == 1);
      try (RawClient fourth = running.connect()) {
        fourth.send(TestRequests.heartbeat(2));
        assertThat(fourth.receive().getInt(0)).isEqualTo(2);
      }
      second.close();
    }
  }

  @Test
  void connectionsAboveTheTotalLimitWaitForOneToClose() throws Exception {
    try (RunningServer running =
        new RunningServer(s -> with(s, 4, 500, 1, 100, -1), TestRequests::answer)) {
      RawClient first = running.connect();
      first.send(TestRequests.heartbeat(1));
      first.receive();
      try (RawClient second = running.connect()) {
        second.send(TestRequests.heartbeat(2));
        assertThat(running.server.sample().connections()).isEqualTo(1);
        first.close();
        assertThat(second.receive().getInt(0)).isEqualTo(2);
        assertThat(running.server.sample().connections()).isEqualTo(1);
      }
    }
  }

  @Test
  void idleConnectionIsClosed() throws Exception {
    try (RunningServer running =
            new RunningServer(s -> with(s, 4, 500, 100, 100, 100), TestRequests::answer);
        RawClient client = running.connect()) {
      client.send(TestRequests.heartbeat(1));
      client.receive();
      assertThat(client.isClosedWithoutAnswer()).isTrue();
    }
  }

  @Test
  void fullQueueHoldsNoNetworkThreadAndNeverGrows() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger entered = new AtomicInteger();
    try (RunningServer running =
        new RunningServer(
            s -> with(s, 1, 2, 100, 100, -1),
            request -> {
              entered.incrementAndGet();
              try {
                go.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              TestRequests.answer(request);
            })) {
      RawClient[] clients = new RawClient[10];
      for (int i = 0; i < clients.length; i++) {
        clients[i] = running.connect();
        clients[i].send(TestRequests.heartbeat(i), TestRequests.heartbeat(100 + i));
      }
      await().until(() -> running.server.sample().requestQueueLength() == 2);
      // Every network thread still answers what needs no I/O thread.
      for (int i = 0; i < 3; i++) {
        try (RawClient late = running.connect()) {
          late.send(TestRequests.apiVersions("-", 4));
          late.receive();
        }
      }
      ServerSample sample = running.server.sample();
      assertThat(sample.requestQueueLength()).isEqualTo(2);
      assertThat(sample.requestQueueCapacity()).isEqualTo(2);
      assertThat(sample.busyIoThreads()).isEqualTo(1);
      assertThat(entered).hasValue(1);
      go.countDown();
      for (int i = 0; i < clients.length; i++) {
        assertThat(clients[i].receive().getInt(0)).isEqualTo(i);
        assertThat(clients[i].receive().getInt(0)).isEqualTo(100 + i);
        clients[i].close();
      }
    }
  }

  @Test
  void stagesSumUpToTheTotalAndAParkedRequestsWaitIsRemote() throws Exception {
    LinkedBlockingQueue<Request> served = new LinkedBlockingQueue<>();
    try (RunningServer running =
            new RunningServer(
                request -> {
                  request.parked();
                  served.add(request);
                });
        RawClient client = running.connect()) {
      client.send(TestRequests.heartbeat(1));
      Request request = served.poll(10, TimeUnit.SECONDS);
      long parkedAt = System.nanoTime();
      await().until(() -> System.nanoTime() - parkedAt > 20_000_000);
      TestRequests.answer(request);
      client.receive();
      await().until(() -> running.completed.size() == 1);
      RequestTimes times = running.completed.peek();
      assertThat(times.remoteNanos()).isGreaterThan(20_000_000);
      assertThat(times.localNanos()).isLessThan(times.remoteNanos());
      assertThat(
              times.queueNanos()
                  + times.localNanos()
                  + times.remoteNanos()
                  + times.throttleNanos()
                  + times.responseQueueNanos()
                  + times.sendNanos())
          .isEqualTo(times.totalNanos());
      assertThat(times.requestBytes()).isEqualTo(TestRequests.heartbeat(1).length - 4);
      assertThat(times.responseBytes()).isPositive();
      StageTotals totals = running.server.sample().totals().get(ApiKeys.HEARTBEAT);
      assertThat(totals.count()).isEqualTo(1);
      assertThat(totals.totalNanos()).isEqualTo(times.totalNanos());
      assertThat(running.server.sample().requestBytes()).isEqualTo(times.requestBytes());
    }
  }

  @Test
  void killResetsEverySocketAnswersNothingAndEndsTheThreads() throws Exception {
    LinkedBlockingQueue<Request> served = new LinkedBlockingQueue<>();
    RunningServer running = new RunningServer(served::add);
    try (RawClient idle = running.connect();
        RawClient waiting = running.connect()) {
      idle.send(TestRequests.heartbeat(1));
      TestRequests.answer(served.poll(10, TimeUnit.SECONDS));
      idle.receive();
      waiting.send(TestRequests.heartbeat(2));
      Request unanswered = served.poll(10, TimeUnit.SECONDS);
      running.server.kill();
      assertThat(idle.isReset()).isTrue();
      assertThat(waiting.isReset()).isTrue();
      TestRequests.answer(unanswered);
      RunningServer.assertNoThreads();
      assertThatThrownBy(running::connect).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void closeAnswersWhatIsUnderWayAndServesNothingMore() throws Exception {
    LinkedBlockingQueue<Request> served = new LinkedBlockingQueue<>();
    RunningServer running = new RunningServer(served::add);
    try (RawClient client = running.connect()) {
      client.send(TestRequests.heartbeat(1), TestRequests.heartbeat(2));
      Request request = served.poll(10, TimeUnit.SECONDS);
      running.server.stopAccepting();
      Thread closing = new Thread(running.server::close, "closing");
      closing.start();
      TestRequests.answer(request);
      assertThat(client.receive().getInt(0)).isEqualTo(1);
      assertThat(client.isClosedWithoutAnswer()).isTrue();
      closing.join();
      assertThat(served).isEmpty();
      RunningServer.assertNoThreads();
    }
  }
}
