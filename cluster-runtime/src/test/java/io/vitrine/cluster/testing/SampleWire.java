package io.vitrine.cluster.testing;

import io.vitrine.cluster.wire.WireExchange;
import io.vitrine.cluster.wire.WireFrame;
import io.vitrine.cluster.wire.WireTimes;
import io.vitrine.cluster.wire.WireTrace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.RequestHeader;

/** A told story's wire trace: real frames of Kafka's own classes. The same on every run. */
public final class SampleWire {
  private static final int SIZE_BYTES = 4;

  private final WireTrace trace;
  private long wallMs = SampleSnapshots.START.plusSeconds(12).toEpochMilli();
  private int correlation = 40;

  private SampleWire(WireTrace trace) {
    this.trace = trace;
  }

  /**
   * Turns a trace on and fills it; the last but one is a produce, the last waits for its answer.
   */
  public static void tell(WireTrace trace) {
    trace.turn(true);
    SampleWire wire = new SampleWire(trace);
    wire.exchange(1, ApiKeys.API_VERSIONS, 3, "demo-reader-1", apiVersions(), versions(), 210_000);
    wire.exchange(1, ApiKeys.METADATA, 12, "demo-reader-1", metadata(), brokers(), 340_000);
    for (int i = 0; i < 8; i++) {
      int broker = 1 + i % 3;
      wire.exchange(
          broker,
          ApiKeys.PRODUCE,
          11,
          "demo-producer",
          produce(i),
          produced(i),
          2_300_000L + i * 91_000);
      wire.exchange(
          broker,
          ApiKeys.FETCH,
          12,
          "demo-reader-1",
          fetch(i),
          fetched(i),
          4_100_000L + i * 77_000);
      wire.exchange(
          broker,
          ApiKeys.FETCH,
          12,
          "broker-" + (1 + (i + 1) % 3) + "-fetcher",
          fetch(i),
          fetched(i),
          3_900_000L);
    }
    wire.exchange(2, ApiKeys.HEARTBEAT, 4, "demo-reader-2", heartbeat(), rebalancing(), 260_000);
    wire.exchange(1, ApiKeys.PRODUCE, 11, "demo-producer", produce(9), produced(9), 2_800_000);
    wire.begin(3, ApiKeys.FETCH, 12, "demo-reader-1", fetch(9));
  }

  private long begin(int broker, ApiKeys api, int version, String client, ApiMessage body) {
    wallMs += 7;
    int port = 50_000 + Math.floorMod(client.hashCode(), 9_000);
    byte[] request = request(api, (short) version, client, ++correlation, body);
    return trace.begin(
        new WireExchange(
            0,
            broker,
            wallMs,
            api.name,
            version,
            correlation,
            client,
            "127.0.0.1:" + port,
            "127.0.0.1:" + (9091 + broker) + "-127.0.0.1:" + port + "-0",
            "PLAINTEXT",
            "User:ANONYMOUS",
            "apache-kafka-java 3.9.2",
            WireFrame.of(request.length, request),
            WireExchange.State.UNDER_WAY,
            WireFrame.none(),
            List.of(),
            WireTimes.none()));
  }

  private void exchange(
      int broker,
      ApiKeys api,
      int version,
      String client,
      ApiMessage body,
      ApiMessage answer,
      long totalNanos) {
    long id = begin(broker, api, version, client, body);
    byte[] bytes = answer(api, (short) version, correlation, answer);
    List<String> errors = api == ApiKeys.HEARTBEAT ? List.of("REBALANCE_IN_PROGRESS") : List.of();
    long tenth = totalNanos / 10;
    trace.change(id, before -> before.answeredWith(WireFrame.of(bytes.length, bytes), errors));
    trace.change(
        id,
        before ->
            before.ended(
                WireExchange.State.OVER,
                new WireTimes(
                    tenth, 3 * tenth, 4 * tenth, 0, tenth, totalNanos - 9 * tenth, totalNanos)));
  }

  private static byte[] request(
      ApiKeys api, short version, String client, int correlation, ApiMessage body) {
    RequestHeader header = new RequestHeader(api, version, client, correlation);
    return bytes(0, header.data(), header.headerVersion(), body, version);
  }

  private static byte[] answer(ApiKeys api, short version, int correlation, ApiMessage body) {
    RequestHeader asked = new RequestHeader(api, version, "", correlation);
    byte[] bytes =
        bytes(
            SIZE_BYTES,
            asked.toResponseHeader().data(),
            api.responseHeaderVersion(version),
            body,
            version);
    ByteBuffer.wrap(bytes).putInt(bytes.length - SIZE_BYTES);
    return bytes;
  }

  private static byte[] bytes(
      int before, ApiMessage header, short headerVersion, ApiMessage body, short version) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    int size = header.size(cache, headerVersion) + body.size(cache, version);
    ByteBuffer buffer = ByteBuffer.allocate(before + size).position(before);
    ByteBufferAccessor out = new ByteBufferAccessor(buffer);
    header.write(out, cache, headerVersion);
    body.write(out, cache, version);
    return buffer.array();
  }

  // ---- messages

  private static ApiMessage apiVersions() {
    return new ApiVersionsRequestData()
        .setClientSoftwareName("apache-kafka-java")
        .setClientSoftwareVersion("3.9.2");
  }

  private static ApiMessage versions() {
    ApiVersionsResponseData.ApiVersionCollection all =
        new ApiVersionsResponseData.ApiVersionCollection();
    all.add(
        new ApiVersionsResponseData.ApiVersion()
            .setApiKey(ApiKeys.FETCH.id)
            .setMinVersion((short) 0)
            .setMaxVersion((short) 17));
    return new ApiVersionsResponseData().setApiKeys(all);
  }

  private static ApiMessage metadata() {
    return new MetadataRequestData()
        .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("orders")));
  }

  private static ApiMessage brokers() {
    MetadataResponseData.MetadataResponseBrokerCollection all =
        new MetadataResponseData.MetadataResponseBrokerCollection();
    for (int id = 1; id <= 3; id++) {
      all.add(
          new MetadataResponseData.MetadataResponseBroker()
              .setNodeId(id)
              .setHost("127.0.0.1")
              .setPort(9091 + id));
    }
    return new MetadataResponseData().setBrokers(all).setControllerId(1).setClusterId("vitrine");
  }

  private static MemoryRecords records(int number) {
    return MemoryRecords.withRecords(
        1_000L + number,
        Compression.NONE,
        3,
        new SimpleRecord(
            SampleSnapshots.START.toEpochMilli(),
            ("order-" + number).getBytes(StandardCharsets.UTF_8),
            ("{\"item\":\"cup\",\"count\":" + number + "}").getBytes(StandardCharsets.UTF_8)));
  }

  private static ApiMessage produce(int number) {
    return new ProduceRequestData()
        .setAcks((short) -1)
        .setTimeoutMs(30_000)
        .setTopicData(
            new ProduceRequestData.TopicProduceDataCollection(
                List.of(
                        new ProduceRequestData.TopicProduceData()
                            .setName("orders")
                            .setPartitionData(
                                List.of(
                                    new ProduceRequestData.PartitionProduceData()
                                        .setIndex(number % 6)
                                        .setRecords(records(number)))))
                    .iterator()));
  }

  private static ApiMessage produced(int number) {
    return new ProduceResponseData()
        .setResponses(
            new ProduceResponseData.TopicProduceResponseCollection(
                List.of(
                        new ProduceResponseData.TopicProduceResponse()
                            .setName("orders")
                            .setPartitionResponses(
                                List.of(
                                    new ProduceResponseData.PartitionProduceResponse()
                                        .setIndex(number % 6)
                                        .setBaseOffset(1_000L + number)
                                        .setLogStartOffset(0))))
                    .iterator()));
  }

  private static ApiMessage fetch(int number) {
    return new FetchRequestData()
        .setReplicaId(-1)
        .setMaxWaitMs(500)
        .setMinBytes(1)
        .setMaxBytes(52_428_800)
        .setTopics(
            List.of(
                new FetchRequestData.FetchTopic()
                    .setTopic("orders")
                    .setPartitions(
                        List.of(
                            new FetchRequestData.FetchPartition()
                                .setPartition(number % 6)
                                .setFetchOffset(1_000L + number)
                                .setPartitionMaxBytes(1_048_576)))));
  }

  private static ApiMessage fetched(int number) {
    return new FetchResponseData()
        .setResponses(
            List.of(
                new FetchResponseData.FetchableTopicResponse()
                    .setTopic("orders")
                    .setPartitions(
                        List.of(
                            new FetchResponseData.PartitionData()
                                .setPartitionIndex(number % 6)
                                .setHighWatermark(1_001L + number)
                                .setLastStableOffset(1_001L + number)
                                .setRecords(records(number))))));
  }

  private static ApiMessage heartbeat() {
    return new HeartbeatRequestData()
        .setGroupId("demo-readers")
        .setGenerationId(4)
        .setMemberId("demo-reader-2-5d1c");
  }

  private static ApiMessage rebalancing() {
    return new HeartbeatResponseData().setErrorCode((short) 27);
  }
}
