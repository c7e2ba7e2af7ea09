package io.vitrine.cluster.story;

import java.util.List;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** What transactional producers, brokers and operators ask, and what none of them would. */
final class TransactionRequests {
  private static final short FIRST_BATCHED = 4;
  private static final int TIMEOUT_MS = 60_000;

  /** The newest version of InitProducerId there is a producer of, see {@link #begins}. */
  private static final short INITIALIZED = 4;

  private TransactionRequests() {}

  static RequestTable all() {
    RequestTable table = new RequestTable();
    begins(table);
    partitions(table);
    offsets(table);
    ends(table);
    markers(table);
    lookedAt(table);
    return table;
  }

  // ---- InitProducerId ------------------------------------------------------------------------

  private static void begins(RequestTable table) {
    init(table, "init: an empty id", "", TIMEOUT_MS);
    init(table, "init: no time", "late", 0);
    init(table, "init: negative time", "late", -1);
    init(table, "init: too much time", "late", 900_001);
    init(table, "init: all the time there is", "patient", 900_000);
    table.ask(
        "init", ApiKeys.INIT_PRODUCER_ID, (asked, version) -> init("id-" + version, TIMEOUT_MS));
    table.ask(
        "init: again",
        ApiKeys.INIT_PRODUCER_ID,
        (asked, version) -> init("id-" + version, TIMEOUT_MS));
    table.ask(
        "init: a producer id without an epoch",
        ApiKeys.INIT_PRODUCER_ID,
        (asked, version) -> init("id-" + version, TIMEOUT_MS).setProducerId(5));
    table.ask(
        "init: an epoch without a producer id",
        ApiKeys.INIT_PRODUCER_ID,
        (asked, version) -> init("id-" + version, TIMEOUT_MS).setProducerEpoch((short) 5));
    table.ask(
        "init: a stranger",
        ApiKeys.INIT_PRODUCER_ID,
        (asked, version) ->
            init("id-" + version, TIMEOUT_MS).setProducerId(99_999).setProducerEpoch((short) 0));
    for (short epoch : new short[] {0, 7, 1, 1}) {
      table.ask(
          "init: goes on with epoch " + epoch,
          ApiKeys.INIT_PRODUCER_ID,
          (asked, version) ->
              init("id-" + version, TIMEOUT_MS)
                  .setProducerId(asked.answered("init", version).get("producerId").asLong())
                  .setProducerEpoch(epoch));
    }
  }

  private static void init(RequestTable table, String name, String id, int timeoutMs) {
    table.ask(name, ApiKeys.INIT_PRODUCER_ID, (asked, version) -> init(id, timeoutMs));
  }

  private static InitProducerIdRequestData init(String id, int timeoutMs) {
    return new InitProducerIdRequestData()
        .setTransactionalId(id)
        .setTransactionTimeoutMs(timeoutMs);
  }

  private static long producer(AskedCluster asked) {
    return asked.answered("init", INITIALIZED).get("producerId").asLong();
  }

  /** Where {@link #begins} has left the id of {@link #producer}. */
  private static short epoch() {
    return 2;
  }

  private static String id() {
    return "id-" + INITIALIZED;
  }

  // ---- AddPartitionsToTxn --------------------------------------------------------------------

  private static void partitions(RequestTable table) {
    add(table, "nobody's id", "nobody", 0, 0, "data", 0);
    add(table, "an empty id", "", 0, 0, "data", 0);
    add(table, "a stranger", id(), 1, 0, "data", 0);
    add(table, "an old epoch", id(), 0, -1, "data", 0);
    add(table, "a new epoch", id(), 0, 1, "data", 0);
    add(table, "an unknown topic", id(), 0, 0, "nowhere", 0);
    add(table, "an unknown partition", id(), 0, 0, "data", 0, 77);
    add(table, "before it is open", id(), 0, 0, "data", 1);
  }

  private static void add(
      RequestTable table,
      String name,
      String id,
      int strange,
      int epochs,
      String topic,
      Integer... partitions) {
    for (boolean verify : new boolean[] {true, false}) {
      boolean opens = name.startsWith("before");
      table.ask(
          "add " + (verify ? "(verify only): " : ": ") + name,
          ApiKeys.ADD_PARTITIONS_TO_TXN,
          (asked, version) -> {
            AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
            topics.add(
                new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partitions)));
            long producer = producer(asked) + strange;
            short epoch = (short) (epoch() + epochs);
            AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
            if (version < FIRST_BATCHED && opens) {
              throw new UnsupportedVersionException("a transaction would be open from here on");
            }
            if (version < FIRST_BATCHED) {
              return request
                  .setV3AndBelowTransactionalId(id)
                  .setV3AndBelowProducerId(producer)
                  .setV3AndBelowProducerEpoch(epoch)
                  .setV3AndBelowTopics(topics);
            }
            request
                .transactions()
                .add(
                    new AddPartitionsToTxnTransaction()
                        .setTransactionalId(id)
                        .setProducerId(producer)
                        .setProducerEpoch(epoch)
                        .setVerifyOnly(verify || opens)
                        .setTopics(topics));
            return request;
          });
    }
  }

  // ---- AddOffsetsToTxn -----------------------------------------------------------------------

  private static void offsets(RequestTable table) {
    offsets(table, "nobody's id", "nobody", 0, 0);
    offsets(table, "an empty id", "", 0, 0);
    offsets(table, "a stranger", id(), 1, 0);
    offsets(table, "an old epoch", id(), 0, -1);
  }

  private static void offsets(RequestTable table, String name, String id, int strange, int epochs) {
    table.ask(
        "add offsets: " + name,
        ApiKeys.ADD_OFFSETS_TO_TXN,
        (asked, version) ->
            new AddOffsetsToTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producer(asked) + strange)
                .setProducerEpoch((short) (epoch() + epochs))
                .setGroupId("group"));
  }

  // ---- EndTxn --------------------------------------------------------------------------------

  private static void ends(RequestTable table) {
    for (boolean commit : new boolean[] {true, false}) {
      end(table, "nobody's id", "nobody", 0, 0, commit);
      end(table, "an empty id", "", 0, 0, commit);
      end(table, "a stranger", id(), 1, 0, commit);
      end(table, "an old epoch", id(), 0, -1, commit);
      end(table, "nothing was begun", id(), 0, 0, commit);
    }
  }

  private static void end(
      RequestTable table, String name, String id, int strange, int epochs, boolean commit) {
    table.ask(
        (commit ? "commit: " : "abort: ") + name,
        ApiKeys.END_TXN,
        (asked, version) ->
            new EndTxnRequestData()
                .setTransactionalId(id)
                .setProducerId(producer(asked) + strange)
                .setProducerEpoch((short) (epoch() + epochs))
                .setCommitted(commit));
  }

  // ---- WriteTxnMarkers -----------------------------------------------------------------------

  private static void markers(RequestTable table) {
    table.ask(
        "no markers",
        ApiKeys.WRITE_TXN_MARKERS,
        (asked, version) -> new WriteTxnMarkersRequestData());
    marker(table, "a marker that ends nothing", "data", 0, 0, 3);
    marker(table, "a marker of an older coordinator", "data", 0, 0, 2);
    marker(table, "a marker of a newer epoch", "data", 0, 1, 3);
    marker(table, "a marker of an older epoch", "data", 0, 0, 3);
    marker(table, "a marker for an unknown topic", "nowhere", 0, 0, 0);
    marker(table, "a marker for an unknown partition", "data", 77, 0, 0);
  }

  private static void marker(
      RequestTable table, String name, String topic, int partition, int epoch, int coordinator) {
    table.ask(
        name,
        ApiKeys.WRITE_TXN_MARKERS,
        (asked, version) ->
            new WriteTxnMarkersRequestData()
                .setMarkers(
                    List.of(
                        new WritableTxnMarker()
                            .setProducerId(60_000 + version)
                            .setProducerEpoch((short) epoch)
                            .setCoordinatorEpoch(coordinator)
                            .setTransactionResult(true)
                            .setTopics(
                                List.of(
                                    new WritableTxnMarkerTopic()
                                        .setName(topic)
                                        .setPartitionIndexes(List.of(partition)))))));
  }

  // ---- looked at -----------------------------------------------------------------------------

  private static void lookedAt(RequestTable table) {
    table.ask(
        "describe transactions",
        ApiKeys.DESCRIBE_TRANSACTIONS,
        (asked, version) ->
            new DescribeTransactionsRequestData()
                .setTransactionalIds(List.of(id(), "patient", "nobody", "", id())));
    table.ask(
        "describe no transactions",
        ApiKeys.DESCRIBE_TRANSACTIONS,
        (asked, version) -> new DescribeTransactionsRequestData());
    list(table, "all", List.of());
    list(table, "in a state", List.of("Empty"));
    list(table, "in no such state", List.of("Emptyish", "Ongoing"));
    list(table, "in states of memory", List.of("Dead", "PrepareEpochFence"));
    table.ask(
        "list transactions of nobody",
        ApiKeys.LIST_TRANSACTIONS,
        (asked, version) ->
            new ListTransactionsRequestData().setProducerIdFilters(List.of(99_999L)));
    table.ask(
        "list transactions of one producer",
        ApiKeys.LIST_TRANSACTIONS,
        (asked, version) ->
            new ListTransactionsRequestData().setProducerIdFilters(List.of(producer(asked))));
    table.ask(
        "list transactions of any length",
        ApiKeys.LIST_TRANSACTIONS,
        (asked, version) -> new ListTransactionsRequestData().setDurationFilter(0));
    for (String topic : List.of("other", "nowhere", "no/topic", "")) {
      table.ask(
          "describe producers of " + topic,
          ApiKeys.DESCRIBE_PRODUCERS,
          (asked, version) ->
              new DescribeProducersRequestData()
                  .setTopics(
                      List.of(
                          new TopicRequest()
                              .setName(topic)
                              .setPartitionIndexes(List.of(0, 77, -1)))));
    }
  }

  private static void list(RequestTable table, String name, List<String> states) {
    table.ask(
        "list transactions: " + name,
        ApiKeys.LIST_TRANSACTIONS,
        (asked, version) -> new ListTransactionsRequestData().setStateFilters(states));
  }
}
