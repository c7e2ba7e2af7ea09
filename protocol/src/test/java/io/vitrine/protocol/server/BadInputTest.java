package io.vitrine.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.codec.LeakProof;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.DescribeQuorumRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kafka's reaction to every kind of bad frame, and to ApiVersions in all its forms (M41, M42). */
@ExtendWith(LeakProof.class)
class BadInputTest {

  private static byte[] size(int size) {
    return ByteBuffer.allocate(4).putInt(size).array();
  }

  /** A request header v1 and nothing else. */
  private static byte[] header(int api, int version) {
    return ByteBuffer.allocate(14)
        .putInt(10)
        .putShort((short) api)
        .putShort((short) version)
        .putInt(77)
        .putShort((short) -1)
        .array();
  }

  private static byte[] truncated(byte[] frame, int bytes) {
    byte[] cut = Arrays.copyOf(frame, frame.length - bytes);
    ByteBuffer.wrap(cut).putInt(cut.length - 4);
    return cut;
  }

  static Stream<Arguments> framesKafkaCloses() {
    return Stream.of(
        Arguments.of("negative size", size(-1)),
        Arguments.of("size above socket.request.max.bytes", size((1 << 20) + 1)),
        Arguments.of("size 0", size(0)),
        Arguments.of("half a header", new byte[] {0, 0, 0, 3, 0, 12, 0}),
        Arguments.of("unknown api key", header(999, 0)),
        Arguments.of("negative api key", header(-1, 0)),
        Arguments.of("version too high", header(ApiKeys.HEARTBEAT.id, 99)),
        Arguments.of("version negative", header(ApiKeys.HEARTBEAT.id, -1)),
        Arguments.of("no body", header(ApiKeys.HEARTBEAT.id, 0)),
        Arguments.of("body truncated", truncated(TestRequests.heartbeat(1), 3)),
        Arguments.of(
            "api not enabled on this listener",
            RunningServer.frame(
                new DescribeQuorumRequest.Builder(new DescribeQuorumRequestData()).build((short) 1),
                1)));
  }

  private static RunningServer serving(RequestHandler handler) throws Exception {
    return new RunningServer(
        settings -> settings,
        (api, version) -> api != ApiKeys.DESCRIBE_QUORUM && api.isVersionSupported(version),
        handler);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("framesKafkaCloses")
  void closesWithoutAnAnswer(String what, byte[] frame) throws Exception {
    try (RunningServer running = serving(TestRequests::answer);
        RawClient client = running.connect();
        RawClient other = running.connect()) {
      client.send(frame);
      assertThat(client.isClosedWithoutAnswer()).isTrue();
      other.send(TestRequests.heartbeat(2));
      assertThat(other.receive().getInt(0)).isEqualTo(2);
      assertThat(running.server.sample().rejectedFrames()).isEqualTo(1);
    }
  }

  @Test
  void bytesBehindTheBodyAreIgnored() throws Exception {
    try (RunningServer running = serving(TestRequests::answer);
        RawClient client = running.connect()) {
      byte[] frame = TestRequests.heartbeat(3);
      byte[] longer = Arrays.copyOf(frame, frame.length + 9);
      ByteBuffer.wrap(longer).putInt(longer.length - 4);
      client.send(longer);
      assertThat(client.receive().getInt(0)).isEqualTo(3);
    }
  }

  @Test
  void unknownApiVersionsVersionIsAnsweredInV0() throws Exception {
    try (RunningServer running = serving(TestRequests::answer);
        RawClient client = running.connect()) {
      // Header v2, as for every flexible version; the body is nonsense and must not matter.
      ByteBuffer frame = ByteBuffer.allocate(20).putInt(16).putShort((short) 18);
      frame.putShort((short) 99).putInt(77).putShort((short) 1).put((byte) 'c').put((byte) 0);
      frame.putInt(0xdeadbeef);
      client.send(frame.array());
      // Layout v0: correlation id, error, array of (key, min, max).
      ByteBuffer expected = ByteBuffer.allocate(16).putInt(77).putShort((short) 35).putInt(1);
      expected.putShort((short) 18).putShort((short) 0).putShort((short) 4).flip();
      assertThat(client.receive()).isEqualTo(expected);
      client.send(TestRequests.heartbeat(4));
      assertThat(client.receive().getInt(0)).as("the connection lives on").isEqualTo(4);
      await().until(() -> running.completed.size() == 2);
      assertThat(running.completed.peek().api()).isEqualTo(ApiKeys.API_VERSIONS);
    }
  }

  @Test
  void illegalSoftwareNameIsAnInvalidRequest() throws Exception {
    try (RunningServer running = serving(TestRequests::answer);
        RawClient client = running.connect()) {
      client.send(TestRequests.apiVersions("-no name-", 4));
      ApiVersionsResponse response =
          (ApiVersionsResponse) client.receive(TestRequests.header(ApiKeys.API_VERSIONS, 4, 5));
      assertThat(response.data().errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }
  }

  @Test
  void clientSoftwareIsRememberedForTheConnection() throws Exception {
    try (RunningServer running =
            serving(
                request -> {
                  assertThat(request.connection().clientSoftwareName())
                      .isEqualTo(request.header().correlationId() == 1 ? "unknown" : "kcat");
                  TestRequests.answer(request);
                });
        RawClient client = running.connect()) {
      client.send(
          TestRequests.heartbeat(1),
          TestRequests.apiVersions("kcat", 3),
          TestRequests.heartbeat(2));
      assertThat(client.receive(TestRequests.header(ApiKeys.HEARTBEAT, 4, 1)))
          .isInstanceOfSatisfying(
              HeartbeatResponse.class,
              response -> assertThat(response.error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS));
      client.receive();
      assertThat(client.receive(TestRequests.header(ApiKeys.HEARTBEAT, 4, 2)))
          .isInstanceOfSatisfying(
              HeartbeatResponse.class,
              response -> assertThat(response.error()).isEqualTo(Errors.REBALANCE_IN_PROGRESS));
    }
  }

  @Test
  void handlersExceptionBecomesTheApisErrorResponse() throws Exception {
    try (RunningServer running =
            serving(
                request -> {
                  if (request.header().correlationId() == 1) {
                    throw new IllegalStateException("a bug");
                  }
                  throw new InvalidTopicException("no such name");
                });
        RawClient client = running.connect()) {
      client.send(TestRequests.heartbeat(1), TestRequests.heartbeat(2));
      HeartbeatResponse first =
          (HeartbeatResponse) client.receive(TestRequests.header(ApiKeys.HEARTBEAT, 4, 1));
      assertThat(first.error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
      HeartbeatResponse second =
          (HeartbeatResponse) client.receive(TestRequests.header(ApiKeys.HEARTBEAT, 4, 2));
      assertThat(second.error()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }
  }

  @Test
  void anAnswerThatHasNoRoomForATextBecomesTheApisErrorResponse() throws Exception {
    short version = 5;
    JoinGroupResponseData tooLong =
        new JoinGroupResponseData()
            .setProtocolName("p")
            .setMemberId("x".repeat(Short.MAX_VALUE + 1));
    JoinGroupRequestData join = new JoinGroupRequestData().setGroupId("g").setProtocolType("t");
    try (RunningServer running =
            serving(request -> request.respond(new JoinGroupResponse(tooLong, version)));
        RawClient client = running.connect()) {
      client.send(RunningServer.frame(new JoinGroupRequest(join, version), 1));
      JoinGroupResponse answer =
          (JoinGroupResponse) client.receive(TestRequests.header(ApiKeys.JOIN_GROUP, version, 1));
      assertThat(answer.error()).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
    }
  }

  @Test
  void handlersExceptionClosesWhereTheApiHasNoErrorResponse() throws Exception {
    try (RunningServer running =
            serving(
                request -> {
                  throw new IllegalStateException("a bug");
                });
        RawClient client = running.connect()) {
      client.send(TestRequests.produce(0, 1));
      assertThat(client.isClosedWithoutAnswer()).isTrue();
    }
  }

  @Test
  void answeringTwiceIsAnErrorAndTheFirstAnswerCounts() throws Exception {
    try (RunningServer running =
            serving(
                request -> {
                  TestRequests.answer(request);
                  TestRequests.answer(request);
                });
        RawClient client = running.connect()) {
      client.send(TestRequests.heartbeat(1), TestRequests.heartbeat(2));
      assertThat(client.receive().getInt(0)).isEqualTo(1);
      assertThat(client.receive().getInt(0)).isEqualTo(2);
    }
  }
}
