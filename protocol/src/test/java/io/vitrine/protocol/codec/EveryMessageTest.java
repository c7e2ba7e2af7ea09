package io.vitrine.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every API in every version kafka-clients knows, with every field set, against its own bytes. */
@ExtendWith(LeakProof.class)
class EveryMessageTest {

  static Stream<Arguments> everyVersion() {
    return Stream.of(ApiKeys.values())
        .flatMap(api -> api.allVersions().stream().map(version -> Arguments.of(api, version)));
  }

  private static RequestHeader header(ApiKeys api, short version) {
    return new RequestHeader(api, version, "some client", 42);
  }

  private static byte[] frameOf(EncodedMessage encoded) {
    EmbeddedChannel channel = new EmbeddedChannel();
    ByteBuf all = Unpooled.buffer();
    for (ReferenceCounted part : encoded.parts()) {
      channel.writeOutbound(part);
      ByteBuf bytes = channel.readOutbound();
      all.writeBytes(bytes);
      bytes.release();
    }
    channel.finishAndReleaseAll();
    assertThat(all.readableBytes()).isEqualTo((int) encoded.sizeBytes());
    assertThat(all.readInt()).isEqualTo(all.readableBytes());
    return ByteBufUtil.getBytes(all);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("everyVersion")
  void responseIsKafkasToTheByteAndReadBackByIt(ApiKeys api, short version) throws Exception {
    ApiMessage data = new MessageFiller(version).fill(api.messageType.newResponse());
    RequestHeader request = header(api, version);
    ResponseHeader header = request.toResponseHeader();
    byte[] kafkas =
        bytes(RequestUtils.serialize(header.data(), header.headerVersion(), data, version));
    AbstractResponse response = AbstractResponse.parseResponse(ByteBuffer.wrap(kafkas), request);

    byte[] ours =
        frameOf(MessageEncoder.encode(ByteBufAllocator.DEFAULT, request, response, version));

    assertThat(ours).isEqualTo(kafkas);
    assertThat(AbstractResponse.parseResponse(ByteBuffer.wrap(ours), request).data())
        .isEqualTo(response.data());
  }

  @ParameterizedTest
  @MethodSource("everyVersion")
  void requestOfKafkasClientIsUnderstoodAndWrittenTheSame(ApiKeys api, short version)
      throws Exception {
    ApiMessage data = new MessageFiller(version).fill(api.messageType.newRequest());
    if (data instanceof ApiVersionsRequestData apiVersions && version >= 3) {
      apiVersions.setClientSoftwareName("vitrine").setClientSoftwareVersion("1.0");
    }
    RequestHeader header = header(api, version);
    byte[] kafkas =
        bytes(RequestUtils.serialize(header.data(), header.headerVersion(), data, version));
    ByteBuffer body = ByteBuffer.wrap(kafkas);
    RequestHeader.parse(body);
    AbstractRequest expected = AbstractRequest.parseRequest(api, version, body).request;

    ParsedRequest parsed = RequestParser.parse(ByteBuffer.wrap(kafkas), (a, v) -> true);

    assertThat(parsed.header().apiKey()).isEqualTo(api);
    assertThat(parsed.header().apiVersion()).isEqualTo(version);
    assertThat(parsed.header().correlationId()).isEqualTo(42);
    assertThat(RequestParser.refusal(parsed.body())).isNull();
    assertThat(parsed.body().data()).isEqualTo(expected.data());
    assertThat(frameOf(MessageEncoder.encode(ByteBufAllocator.DEFAULT, header, parsed.body())))
        .isEqualTo(
            bytes(
                RequestUtils.serialize(
                    header.data(), header.headerVersion(), expected.data(), version)));
  }
}
