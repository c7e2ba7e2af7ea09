package io.vitrine.console.metric;

import java.util.List;
import java.util.Locale;

/** The charts there are, in the order they are shown in. */
enum MetricChart {
  BYTES_IN(
      Field.TRAFFIC,
      Unit.BYTES_PER_SECOND,
      Lines.BROKERS,
      Fold.SUM,
      1024,
      "kafka.server:type=socket-server-metrics, incoming-byte-rate",
      Quantity.BYTES_IN),
  BYTES_OUT(
      Field.TRAFFIC,
      Unit.BYTES_PER_SECOND,
      Lines.BROKERS,
      Fold.SUM,
      1024,
      "kafka.server:type=socket-server-metrics, outgoing-byte-rate",
      Quantity.BYTES_OUT),
  RECORDS_IN(
      Field.TRAFFIC,
      Unit.PER_SECOND,
      Lines.BROKERS,
      Fold.SUM,
      4,
      "kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec",
      Quantity.RECORDS_IN),
  REQUESTS(
      Field.TRAFFIC,
      Unit.PER_SECOND,
      Lines.BROKERS,
      Fold.SUM,
      4,
      "kafka.network:type=RequestMetrics,name=RequestsPerSec",
      Quantity.REQUESTS),
  PRODUCE_TIME(
      Field.TIMES,
      Unit.NANOS,
      Lines.BROKERS,
      Fold.MEAN,
      1e5,
      "kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Produce",
      Quantity.PRODUCE_TOTAL,
      Quantity.PRODUCE_RATE),
  PRODUCE_PARTS(
      Field.TIMES,
      Unit.NANOS,
      Lines.PARTS,
      Fold.MEAN,
      1e5,
      "kafka.network:type=RequestMetrics,name=RequestQueueTimeMs|LocalTimeMs|RemoteTimeMs"
          + "|ResponseQueueTimeMs|ResponseSendTimeMs,request=Produce",
      Quantity.PRODUCE_QUEUE,
      Quantity.PRODUCE_LOCAL,
      Quantity.PRODUCE_REMOTE,
      Quantity.PRODUCE_RESPONSE_QUEUE,
      Quantity.PRODUCE_SEND,
      Quantity.PRODUCE_RATE),
  FETCH_TIME(
      Field.TIMES,
      Unit.NANOS,
      Lines.BROKERS,
      Fold.MEAN,
      1e5,
      "kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Fetch",
      Quantity.FETCH_TOTAL,
      Quantity.FETCH_RATE),
  FETCH_PARTS(
      Field.TIMES,
      Unit.NANOS,
      Lines.PARTS,
      Fold.MEAN,
      1e5,
      "kafka.network:type=RequestMetrics,name=RequestQueueTimeMs|LocalTimeMs|RemoteTimeMs"
          + "|ResponseQueueTimeMs|ResponseSendTimeMs,request=Fetch",
      Quantity.FETCH_QUEUE,
      Quantity.FETCH_LOCAL,
      Quantity.FETCH_REMOTE,
      Quantity.FETCH_RESPONSE_QUEUE,
      Quantity.FETCH_SEND,
      Quantity.FETCH_RATE),
  REQUEST_QUEUE(
      Field.TIMES,
      Unit.COUNT,
      Lines.BROKERS,
      Fold.SUM,
      4,
      "kafka.network:type=RequestChannel,name=RequestQueueSize",
      Quantity.REQUEST_QUEUE),
  IO_BUSY(
      Field.TIMES,
      Unit.SHARE,
      Lines.BROKERS,
      Fold.AVERAGE,
      0.2,
      "1 - kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent",
      Quantity.IO_BUSY),
  TROUBLE(
      Field.HEALTH,
      Unit.COUNT,
      Lines.QUANTITIES,
      Fold.SUM,
      4,
      "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions|UnderMinIsrPartitionCount,"
          + " kafka.controller:type=KafkaController,name=OfflinePartitionsCount",
      Quantity.UNDER_REPLICATED,
      Quantity.UNDER_MIN_ISR,
      Quantity.OFFLINE),
  ISR_CHANGES(
      Field.HEALTH,
      Unit.PER_SECOND,
      Lines.QUANTITIES,
      Fold.SUM,
      4,
      "kafka.server:type=ReplicaManager,name=IsrShrinksPerSec|IsrExpandsPerSec",
      Quantity.ISR_SHRINKS,
      Quantity.ISR_EXPANDS),
  LEADERS(
      Field.HEALTH,
      Unit.COUNT,
      Lines.BROKERS,
      Fold.SUM,
      4,
      "kafka.server:type=ReplicaManager,name=LeaderCount",
      Quantity.LEADERS),
  CONNECTIONS(
      Field.TRAFFIC,
      Unit.COUNT,
      Lines.BROKERS,
      Fold.SUM,
      4,
      "kafka.server:type=socket-server-metrics, connection-count",
      Quantity.CONNECTIONS),
  LAG(
      Field.LOGS,
      Unit.COUNT,
      Lines.GROUPS,
      Fold.SUM,
      4,
      "kafka-consumer-groups.sh --describe, LAG",
      Quantity.LAG),
  LOG_BYTES(
      Field.LOGS,
      Unit.BYTES,
      Lines.BROKERS,
      Fold.SUM,
      1024,
      "kafka.log:type=Log,name=Size",
      Quantity.LOG_BYTES),
  HEAP(
      Field.PROCESS,
      Unit.BYTES,
      Lines.QUANTITIES,
      Fold.SUM,
      1 << 20,
      "java.lang:type=Memory, HeapMemoryUsage; java.nio:type=BufferPool,name=direct",
      Quantity.HEAP_USED,
      Quantity.HEAP_COMMITTED,
      Quantity.DIRECT_BYTES),
  PROCESSORS(
      Field.PROCESS,
      Unit.SHARE,
      Lines.QUANTITIES,
      Fold.SUM,
      0.2,
      "java.lang:type=OperatingSystem, ProcessCpuLoad",
      Quantity.PROCESSORS),
  COLLECTION(
      Field.PROCESS,
      Unit.SHARE,
      Lines.QUANTITIES,
      Fold.SUM,
      0.01,
      "java.lang:type=GarbageCollector, CollectionTime",
      Quantity.COLLECTION),
  THREADS(
      Field.PROCESS,
      Unit.COUNT,
      Lines.QUANTITIES,
      Fold.SUM,
      4,
      "java.lang:type=Threading, ThreadCount",
      Quantity.THREADS);

  /** What it is about. */
  enum Field {
    TRAFFIC,
    TIMES,
    HEALTH,
    LOGS,
    PROCESS
  }

  /** What a line stands for. */
  enum Lines {
    /** A broker. */
    BROKERS,
    /** A part of the time of requests, all chosen brokers together; parts stand on each other. */
    PARTS,
    /** Each of the chart's quantities. */
    QUANTITIES,
    /** A group. */
    GROUPS
  }

  /** How brokers are taken as one. */
  enum Fold {
    SUM,
    /** Each counts alike. */
    AVERAGE,
    /** Each counts as often as it was asked, which the last quantity says. */
    MEAN
  }

  private final Field field;
  private final Unit unit;
  private final Lines lines;
  private final Fold fold;
  private final double least;
  private final String kafkaName;
  private final List<Quantity> quantities;

  /**
   * @param least what the axis reaches at least
   * @param kafkaName where Kafka tells the same
   */
  MetricChart(
      Field field,
      Unit unit,
      Lines lines,
      Fold fold,
      double least,
      String kafkaName,
      Quantity... quantities) {
    this.field = field;
    this.unit = unit;
    this.lines = lines;
    this.fold = fold;
    this.least = least;
    this.kafkaName = kafkaName;
    this.quantities = List.of(quantities);
  }

  Field field() {
    return field;
  }

  Unit unit() {
    return unit;
  }

  Lines lines() {
    return lines;
  }

  Fold fold() {
    return fold;
  }

  double least() {
    return least;
  }

  String kafkaName() {
    return kafkaName;
  }

  /** What is drawn. */
  List<Quantity> shown() {
    return fold == Fold.MEAN ? quantities.subList(0, quantities.size() - 1) : quantities;
  }

  /** How often a broker was asked, where that counts. */
  Quantity weight() {
    return quantities.get(quantities.size() - 1);
  }

  /** As it is called in texts, files and node ids. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
