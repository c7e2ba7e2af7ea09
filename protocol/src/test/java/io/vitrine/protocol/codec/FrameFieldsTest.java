package io.vitrine.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vitrine.protocol.codec.FrameField.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameFieldsTest {
  private static final int SIZE_BYTES = 4;

  @Test
  void aProduceRequestComesApartDownToItsRecords() {
    byte[] frame = request(produce(Compression.NONE), (short) 9);

    List<FrameField> parts = FrameFields.request(frame);

    assertThat(parts).extracting(FrameField::name).containsExactly("header", "body");
    assertThat(find(parts, "request_api_key").note()).isEqualTo("Produce");
    assertThat(find(parts, "client_id").value()).isEqualTo("tester");
    assertThat(find(parts, "name").value()).isEqualTo("orders");
    assertThat(find(parts, "acks").value()).isEqualTo("-1");
    assertThat(find(parts, "magic").value()).isEqualTo("2");
    assertThat(find(parts, "records_count").value()).isEqualTo("2");
    assertThat(find(parts, "key").note()).contains("\"k1\"");
    assertThat(find(parts, "value").note()).contains("\"hello\"");
    assertThat(all(parts)).noneMatch(field -> field.kind() == Kind.CUT);
    assertCovers(parts, frame.length);
  }

  @Test
  void everyFieldHasTheBytesItWasReadFrom() {
    byte[] frame = request(produce(Compression.NONE), (short) 9);

    FrameField timeout = find(FrameFields.request(frame), "timeout_ms");

    assertThat(timeout.length()).isEqualTo(Integer.BYTES);
    assertThat(ByteBuffer.wrap(frame).getInt(timeout.offset())).isEqualTo(1234);
  }

  @Test
  void recordsThatAreCompressedStayWhole() {
    byte[] frame = request(produce(Compression.gzip().build()), (short) 9);

    List<FrameField> parts = FrameFields.request(frame);

    assertThat(find(parts, "compressed_records").kind()).isEqualTo(Kind.BYTES);
    assertCovers(parts, frame.length);
  }

  @Test
  void anErrorInAnAnswerHasItsName() {
    byte[] frame =
        response(
            ApiKeys.HEARTBEAT,
            (short) 4,
            new HeartbeatResponse(new HeartbeatResponseData().setErrorCode((short) 27)));

    List<FrameField> parts = FrameFields.response(frame, ApiKeys.HEARTBEAT, (short) 4);

    assertThat(find(parts, "error_code").note()).isEqualTo("REBALANCE_IN_PROGRESS");
    assertThat(find(parts, "correlation_id").value()).isEqualTo("7");
    assertCovers(parts, frame.length);
  }

  /** Kafka's schemas do not tell structures that may be null; no API served here has one. */
  @ParameterizedTest
  @EnumSource(
      value = ApiKeys.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CONSUMER_GROUP_HEARTBEAT", "DESCRIBE_TOPIC_PARTITIONS", "SHARE_GROUP_HEARTBEAT"})
  void everyMessageOfEveryVersionIsCoveredToItsLastByte(ApiKeys api) {
    for (short version = api.oldestVersion(); version <= api.latestVersion(true); version++) {
      byte[] request = bytes(header(api, version), api.messageType.newRequest(), version);
      assertCovers(FrameFields.request(request), request.length);
      ApiMessage answerHeader =
          new RequestHeader(api, version, "tester", 7).toResponseHeader().data();
      byte[] body =
          bytes(
              answerHeader,
              api.responseHeaderVersion(version),
              api.messageType.newResponse(),
              version);
      byte[] answer =
          ByteBuffer.allocate(SIZE_BYTES + body.length).putInt(body.length).put(body).array();
      assertCovers(FrameFields.response(answer, api, version), answer.length);
    }
  }

  @Test
  void aFrameThatIsCutSaysWhereAndThrowsNowhere() {
    byte[] frame = request(produce(Compression.NONE), (short) 9);

    for (int length = 0; length < frame.length; length++) {
      List<FrameField> fields = all(FrameFields.request(Arrays.copyOf(frame, length)));
      assertThat(fields).filteredOn(field -> field.kind() == Kind.CUT).hasSize(1);
    }
  }

  @Test
  void aFrameOfRubbishThrowsNowhere() {
    byte[] frame = request(produce(Compression.NONE), (short) 9);
    Random random = new Random(5);

    for (int run = 0; run < 20_000; run++) {
      byte[] broken = frame.clone();
      for (int i = 0; i < 4; i++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      for (FrameField field : all(FrameFields.request(broken))) {
        assertThat(field.offset() + field.length()).isLessThanOrEqualTo(broken.length);
      }
    }
  }

  @Test
  void aFetchAnswerShowsTheBatchesItCarries() {
    FetchResponseData data =
        new FetchResponseData()
            .setResponses(
                List.of(
                    new FetchResponseData.FetchableTopicResponse()
                        .setTopic("orders")
                        .setPartitions(
                            List.of(
                                new FetchResponseData.PartitionData()
                                    .setHighWatermark(12)
                                    .setRecords(records(Compression.NONE))))));
    byte[] frame = response(ApiKeys.FETCH, (short) 12, new FetchResponse(data));

    List<FrameField> parts = FrameFields.response(frame, ApiKeys.FETCH, (short) 12);

    assertThat(find(parts, "high_watermark").value()).isEqualTo("12");
    assertThat(find(parts, "records_count").value()).isEqualTo("2");
    assertCovers(parts, frame.length);
  }

  private static void assertCovers(List<FrameField> parts, int length) {
    assertThat(all(parts)).noneMatch(field -> field.kind() == Kind.CUT);
    int at = 0;
    for (FrameField part : parts) {
      assertThat(part.offset()).isEqualTo(at);
      at += part.length();
    }
    assertThat(at).isEqualTo(length);
  }

  private static FrameField find(List<FrameField> parts, String name) {
    return all(parts).stream().filter(field -> field.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<FrameField> all(List<FrameField> parts) {
    List<FrameField> all = new ArrayList<>();
    for (FrameField part : parts) {
      all.add(part);
      all.addAll(all(part.children()));
    }
    return all;
  }

  private static MemoryRecords records(Compression compression) {
    return MemoryRecords.withRecords(
        compression,
        new SimpleRecord(1_000, "k1".getBytes(), "hello".getBytes()),
        new SimpleRecord(1_001, null, "there".getBytes()));
  }

  private static ProduceRequest produce(Compression compression) {
    ProduceRequestData data =
        new ProduceRequestData()
            .setAcks((short) -1)
            .setTimeoutMs(1234)
            .setTopicData(
                new ProduceRequestData.TopicProduceDataCollection(
                    List.of(
                            new ProduceRequestData.TopicProduceData()
                                .setName("orders")
                                .setPartitionData(
                                    List.of(
                                        new ProduceRequestData.PartitionProduceData()
                                            .setIndex(3)
                                            .setRecords(records(compression)))))
                        .iterator()));
    return ProduceRequest.forCurrentMagic(data).build((short) 9);
  }

  private static byte[] request(AbstractRequest request, short version) {
    byte[] whole =
        take(
            MessageEncoder.encode(
                ByteBufAllocator.DEFAULT,
                new RequestHeader(request.apiKey(), version, "tester", 7),
                request));
    return Arrays.copyOfRange(whole, SIZE_BYTES, whole.length);
  }

  private static byte[] response(ApiKeys api, short version, AbstractResponse response) {
    return take(
        MessageEncoder.encode(
            ByteBufAllocator.DEFAULT,
            new RequestHeader(api, version, "tester", 7),
            response,
            version));
  }

  private static byte[] take(EncodedMessage encoded) {
    ByteBuf all = ByteBufAllocator.DEFAULT.buffer();
    encoded.parts().forEach(part -> all.writeBytes(((ByteBuf) part).duplicate()));
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    all.release();
    assertThat(encoded.head(Integer.MAX_VALUE)).isEqualTo(bytes);
    assertThat(encoded.head(5)).isEqualTo(Arrays.copyOf(bytes, 5));
    encoded.release();
    return bytes;
  }

  private static ApiMessage header(ApiKeys api, short version) {
    return new RequestHeader(api, version, "tester", 7).data();
  }

  private static byte[] bytes(ApiMessage header, ApiMessage body, short version) {
    short headerVersion =
        ApiKeys.forId(((RequestHeaderData) header).requestApiKey()).requestHeaderVersion(version);
    return bytes(header, headerVersion, body, version);
  }

  private static byte[] bytes(
      ApiMessage header, short headerVersion, ApiMessage body, short version) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    int size = header.size(cache, headerVersion) + body.size(cache, version);
    ByteBufferAccessor out = new ByteBufferAccessor(ByteBuffer.allocate(size));
    header.write(out, cache, headerVersion);
    body.write(out, cache, version);
    return out.buffer().array();
  }
}
