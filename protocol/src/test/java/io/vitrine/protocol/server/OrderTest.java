package io.vitrine.protocol.server;

import static io.vitrine.protocol.server.TestRequests.heartbeat;
import static io.vitrine.protocol.server.TestRequests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.codec.LeakProof;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One request in flight per connection (M46). */
@ExtendWith(LeakProof.class)
class OrderTest {

  private static void answerEmpty(Request request) {
    if (request.apiKey() == ApiKeys.PRODUCE) {
      request.respond(new ProduceResponse(new ProduceResponseData()));
    } else {
      request.respond(new HeartbeatResponse(new HeartbeatResponseData()));
    }
  }

  @Test
  void pipelinedRequestsAreServedOneByOneAndAnsweredInOrder() throws Exception {
    LinkedBlockingQueue<Request> served = new LinkedBlockingQueue<>();
    try (RunningServer running = new RunningServer(served::add);
        RawClient client = running.connect()) {
      client.send(heartbeat(1), produce(1, 2), heartbeat(3));
      for (int i = 1; i <= 3; i++) {
        Request request = served.poll(10, TimeUnit.SECONDS);
        assertThat(request.header().correlationId()).isEqualTo(i);
        assertThat(served).as("muted until answered").isEmpty();
        answerEmpty(request);
        assertThat(client.receive().getInt(0)).isEqualTo(i);
      }
    }
  }

  @Test
  void manyPipelinedRequestsFromManyConnectionsKeepTheirOrder() throws Exception {
    try (RunningServer running = new RunningServer(OrderTest::answerEmpty)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(running.connect());
      }
      for (RawClient client : clients) {
        client.send(
            IntStream.range(0, 200).mapToObj(TestRequests::heartbeat).toArray(byte[][]::new));
      }
      for (RawClient client : clients) {
        for (int i = 0; i < 200; i++) {
          assertThat(client.receive().getInt(0)).isEqualTo(i);
        }
      }
      assertThat(running.server.sample().connectionsPerNetworkThread()).containsExactly(7, 7, 6);
      for (RawClient client : clients) {
        client.close();
      }
      await().until(() -> running.server.sample().connections() == 0);
      assertThat(running.server.sample().totals().get(ApiKeys.HEARTBEAT).count()).isEqualTo(4000);
    }
  }

  @Test
  void throttledClientIsAnsweredAtOnceAndReadAgainWhenItsTimeIsOver() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    LinkedBlockingQueue<Long> servedNanos = new LinkedBlockingQueue<>();
    RequestHandler handler =
        new RequestHandler() {
          @Override
          public void handle(Request request) {
            servedNanos.add(System.nanoTime());
            answerEmpty(request);
          }

          @Override
          public void answering(Request request, AbstractResponse response) {
            if (request.header().correlationId() == 1) {
              response.maybeSetThrottleTimeMs(400);
              request.throttle(400, ended::incrementAndGet);
            }
          }
        };
    try (RunningServer running = new RunningServer(handler);
        RawClient throttled = running.connect();
        RawClient other = running.connect()) {
      throttled.send(heartbeat(1), heartbeat(2));
      assertThat(throttled.receive().getInt(5)).as("throttle_time_ms").isEqualTo(400);
      assertThat(ended).as("answered before its time is over").hasValue(0);
      other.send(heartbeat(3));
      assertThat(other.receive().getInt(0)).isEqualTo(3);
      assertThat(throttled.receive().getInt(0)).isEqualTo(2);
      long first = servedNanos.take();
      servedNanos.take(); // the other's
      assertThat(servedNanos.take() - first).isGreaterThanOrEqualTo(400_000_000L);
      assertThat(ended).hasValue(1);
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          running.server.sample().totals().get(ApiKeys.HEARTBEAT).throttleNanos())
                      .isEqualTo(400_000_000L));
    }
  }

  @Test
  void acksZeroGetsNoAnswerAndTheNextRequestIsServed() throws Exception {
    try (RunningServer running =
            new RunningServer(
                request -> {
                  if (request.apiKey() == ApiKeys.PRODUCE) {
                    request.finishWithoutResponse();
                  } else {
                    answerEmpty(request);
                  }
                });
        RawClient client = running.connect()) {
      client.send(produce(0, 1), heartbeat(2));
      assertThat(client.receive().getInt(0)).isEqualTo(2);
    }
  }

  @Test
  void acksZeroWithAnErrorClosesTheConnection() throws Exception {
    try (RunningServer running = new RunningServer(Request::closeConnection);
        RawClient client = running.connect()) {
      client.send(produce(0, 1), heartbeat(2));
      assertThat(client.isClosedWithoutAnswer()).isTrue();
    }
  }

  @Test
  void clientThatHasSentAllStillGetsItsAnswers() throws Exception {
    LinkedBlockingQueue<Request> served = new LinkedBlockingQueue<>();
    try (RunningServer running = new RunningServer(served::add);
        RawClient client = running.connect()) {
      client.send(heartbeat(1), heartbeat(2));
      client.socket.shutdownOutput();
      answerEmpty(served.poll(10, TimeUnit.SECONDS));
      assertThat(client.receive().getInt(0)).isEqualTo(1);
      answerEmpty(served.poll(10, TimeUnit.SECONDS));
      assertThat(client.receive().getInt(0)).isEqualTo(2);
      assertThat(client.isClosedWithoutAnswer()).isTrue();
    }
  }
}
