package io.vitrine.cluster.simulation;

import io.vitrine.cluster.simulation.World.Place;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;

/**
 * Producers and consumers of the simulation, and the account of what the cluster promised them.
 *
 * <p>One idempotent producer a partition sends numbered records with acks=all, one batch at a time,
 * to whom a broker names as leader, again and again until it is acknowledged: also when the answer
 * is OUT_OF_ORDER_SEQUENCE_NUMBER, since a leader that was deposed and does not know it yet misses
 * what its successor has. Consumers read wherever a broker lets them.
 */
final class Clients {
  private static final int RETRY_MS = 60;
  private static final int REQUEST_TIMEOUT_MS = 700;

  private final World world;
  private final String topic;
  private final IntFunction<SimulatedNode> nodes;
  private final int brokers;
  private final NodeClients connections;
  private final Map<Integer, NodeClient> byBroker = new HashMap<>();
  private final Map<TopicPartition, TreeMap<Long, Long>> promised = new HashMap<>();
  private final Map<TopicPartition, Producer> producers = new LinkedHashMap<>();
  private boolean ended;

  /**
   * @param nodes the life of a broker, null while it has none
   */
  Clients(
      World world,
      SimulatedNetwork network,
      String topic,
      int partitions,
      int brokers,
      IntFunction<SimulatedNode> nodes) {
    this.world = world;
    this.topic = topic;
    this.nodes = nodes;
    this.brokers = brokers;
    this.connections = network.clientsOf(-1, Place.OUTSIDE, REQUEST_TIMEOUT_MS);
    for (int p = 0; p < partitions; p++) {
      TopicPartition partition = new TopicPartition(topic, p);
      promised.put(partition, new TreeMap<>());
      producers.put(partition, new Producer(partition, 100 + p));
    }
  }

  void start() {
    producers.values().forEach(Producer::send);
    promised.keySet().forEach(partition -> consume(partition, 0));
  }

  /** No new batches; what is under way goes on. */
  void end() {
    ended = true;
  }

  boolean idle() {
    return producers.values().stream().allMatch(p -> p.batch == null);
  }

  /** Records that were acknowledged or seen: offset to number. */
  Map<TopicPartition, TreeMap<Long, Long>> promised() {
    return promised;
  }

  private NodeClient to(int broker) {
    return byBroker.computeIfAbsent(broker, id -> connections.connectTo("127.0.0.1", id, "client"));
  }

  /** The number of the record at an offset may never be another one. */
  private void promise(TopicPartition partition, long offset, long number, String by) {
    Long before = promised.get(partition).putIfAbsent(offset, number);
    if (before != null && before != number) {
      throw world.broken(
          by + ": offset " + offset + " of " + partition + " was " + before + ", is " + number);
    }
  }

  /** A broker that is up, by chance. */
  private Optional<SimulatedNode> anyone() {
    SimulatedNode node = nodes.apply(world.between(1, brokers));
    return Optional.ofNullable(node).filter(n -> !n.dead());
  }

  // ---- producers -----------------------------------------------------------------------------

  private final class Producer {
    private final TopicPartition partition;
    private final long producerId;
    private MemoryRecords batch;
    private long firstNumber;
    private int size;
    private int sequence;
    private long next;

    Producer(TopicPartition partition, long producerId) {
      this.partition = partition;
      this.producerId = producerId;
    }

    private void send() {
      if (batch == null) {
        if (ended) {
          return;
        }
        size = world.between(1, 4);
        firstNumber = next;
        next += size;
        SimpleRecord[] records = new SimpleRecord[size];
        for (int i = 0; i < size; i++) {
          byte[] value = ByteBuffer.allocate(8).putLong(firstNumber + i).array();
          records[i] = new SimpleRecord(world.nowMs(), null, value);
        }
        batch =
            MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId, (short) 0, sequence, records);
      }
      Optional<Integer> leader =
          anyone()
              .flatMap(node -> node.metadata().image().partition(partition))
              .map(known -> known.leader())
              .filter(id -> id > 0);
      if (leader.isEmpty()) {
        world.schedule(Place.OUTSIDE, RETRY_MS, this::send);
        return;
      }
      ProduceRequestData data =
          new ProduceRequestData()
              .setAcks((short) -1)
              .setTimeoutMs(REQUEST_TIMEOUT_MS - 100)
              .setTopicData(
                  new TopicProduceDataCollection(
                      List.of(
                              new TopicProduceData()
                                  .setName(topic)
                                  .setPartitionData(
                                      List.of(
                                          new PartitionProduceData()
                                              .setIndex(partition.partition())
                                              .setRecords(copy(batch)))))
                          .iterator()));
      to(leader.get())
          .send(ProduceRequest.forMagic((byte) 2, data), ApiKeys.PRODUCE.latestVersion())
          .whenComplete((response, failure) -> answered(leader.get(), response));
    }

    private void answered(int leader, AbstractResponse response) {
      Errors error = Errors.NETWORK_EXCEPTION;
      long base = -1;
      if (response != null) {
        PartitionProduceResponse one =
            ((ProduceResponse) response)
                .data()
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0);
        error = Errors.forCode(one.errorCode());
        base = one.baseOffset();
      }
      world.tell(
          partition
              + ": broker "
              + leader
              + " answers "
              + error
              + " to numbers from "
              + firstNumber
              + (base < 0 ? "" : ", at offset " + base));
      if (error == Errors.NONE) {
        if (base >= 0) {
          for (int i = 0; i < size; i++) {
            promise(partition, base + i, firstNumber + i, "acknowledged by " + leader);
          }
        }
        batch = null;
        sequence += size;
        world.schedule(Place.OUTSIDE, world.between(5, 150), this::send);
      } else {
        world.schedule(Place.OUTSIDE, RETRY_MS, this::send);
      }
    }

    /** A broker writes offsets into the bytes it gets. */
    private static MemoryRecords copy(MemoryRecords records) {
      ByteBuffer bytes = ByteBuffer.allocate(records.sizeInBytes());
      bytes.put(records.buffer().duplicate()).flip();
      return MemoryRecords.readableRecords(bytes);
    }
  }

  // ---- consumers -----------------------------------------------------------------------------

  private void consume(TopicPartition partition, long from) {
    Optional<SimulatedNode> node = anyone();
    if (node.isEmpty()) {
      world.schedule(Place.OUTSIDE, RETRY_MS, () -> consume(partition, from));
      return;
    }
    int broker = node.get().id();
    Map<TopicPartition, FetchRequest.PartitionData> asked = new LinkedHashMap<>();
    asked.put(
        partition,
        new FetchRequest.PartitionData(Uuid.ZERO_UUID, from, 0, 10_000, Optional.empty()));
    to(broker)
        .send(FetchRequest.Builder.forConsumer((short) 12, 100, 1, asked), (short) 12)
        .whenComplete((response, failure) -> consumed(partition, from, broker, response));
  }

  private void consumed(
      TopicPartition partition, long from, int broker, AbstractResponse response) {
    long next = from;
    if (response != null) {
      for (var topicResponse : ((FetchResponse) response).data().responses()) {
        for (FetchResponseData.PartitionData data : topicResponse.partitions()) {
          if (data.errorCode() == Errors.NONE.code() && data.records() != null) {
            next = seen(partition, from, broker, data);
          }
        }
      }
    }
    long then = world.chance(0.1) ? Math.max(0, next - world.between(0, 20)) : next;
    world.schedule(Place.OUTSIDE, world.between(50, 300), () -> consume(partition, then));
  }

  private long seen(
      TopicPartition partition, long from, int broker, FetchResponseData.PartitionData data) {
    long next = from;
    for (Record record : ((MemoryRecords) data.records()).records()) {
      if (record.offset() >= data.highWatermark()) {
        throw world.broken(
            "a consumer got offset "
                + record.offset()
                + " of "
                + partition
                + " from broker "
                + broker
                + " beyond its high watermark "
                + data.highWatermark());
      }
      if (record.offset() >= from) {
        promise(partition, record.offset(), record.value().getLong(0), "read from " + broker);
        next = record.offset() + 1;
      }
    }
    return next;
  }
}
