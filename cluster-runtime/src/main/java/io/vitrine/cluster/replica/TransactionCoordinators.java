package io.vitrine.cluster.replica;

import io.vitrine.cluster.metadata.BrokerNode;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.cluster.metadata.MetadataImage;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.utils.Utils;

/**
 * Asks transaction coordinators whether partitions belong to a transaction. Source: KIP-890.
 *
 * <p>One request at a time goes to each broker; what comes meanwhile is sent together in the next.
 * Of one transactional id only the newest question waits: an older one is answered
 * NETWORK_EXCEPTION, or INVALID_PRODUCER_EPOCH when its producer was fenced. Guarded by this
 * object's monitor; answers are told outside of it, on the connection's thread or the asker's.
 */
final class TransactionCoordinators {
  private final MetadataCache metadata;
  private final NodeClients clients;
  private final String listenerName;
  private final Duration timeout;
  private final Map<Integer, Channel> channels = new HashMap<>();

  TransactionCoordinators(
      MetadataCache metadata, NodeClients clients, String listenerName, Duration timeout) {
    this.metadata = metadata;
    this.clients = clients;
    this.listenerName = listenerName;
    this.timeout = timeout;
  }

  /** A question and who wants to know: the partitions that are refused. */
  private record Question(
      TransactionalBatches batches,
      Collection<TopicPartition> partitions,
      Consumer<Map<TopicPartition, Errors>> answer) {

    void refuse(Errors error) {
      Map<TopicPartition, Errors> all = new HashMap<>();
      partitions.forEach(partition -> all.put(partition, error));
      answer.accept(all);
    }
  }

  /** To one broker. */
  private static final class Channel {
    private BrokerNode.HostPort address;
    private NodeClient client;
    private Map<String, Question> waiting = new LinkedHashMap<>();
    private boolean underWay;
  }

  /**
   * Asks whether partitions belong to the open transaction of a producer.
   *
   * @param answer hears once of those that do not, with the error a producer understands
   */
  void ask(
      TransactionalBatches batches,
      Collection<TopicPartition> partitions,
      Consumer<Map<TopicPartition, Errors>> answer) {
    Question question = new Question(batches, partitions, answer);
    MetadataImage image = metadata.image();
    int count = image.partitions(Topic.TRANSACTION_STATE_TOPIC_NAME).size();
    int coordinator = count == 0 ? -1 : coordinatorOf(image, batches.transactionalId(), count);
    BrokerNode.HostPort address =
        image.broker(coordinator).flatMap(node -> node.endpoint(listenerName)).orElse(null);
    if (address == null) {
      question.refuse(Errors.COORDINATOR_NOT_AVAILABLE);
      return;
    }
    Runnable displaced = enqueue(coordinator, address, question);
    displaced.run();
    sendNext(coordinator);
  }

  private static int coordinatorOf(MetadataImage image, String transactionalId, int count) {
    int partition = Utils.abs(transactionalId.hashCode()) % count;
    return image
        .partition(new TopicPartition(Topic.TRANSACTION_STATE_TOPIC_NAME, partition))
        .map(found -> found.leader())
        .orElse(-1);
  }

  /**
   * @return refuses the question that has to give way
   */
  private synchronized Runnable enqueue(
      int broker, BrokerNode.HostPort address, Question question) {
    Channel channel = channels.computeIfAbsent(broker, id -> new Channel());
    if (!address.equals(channel.address)) {
      if (channel.client != null) {
        channel.client.close();
      }
      channel.address = address;
      channel.client = clients.connectTo(address.host(), address.port(), "verification");
    }
    String id = question.batches().transactionalId();
    Question before = channel.waiting.get(id);
    if (before != null) {
      int newer = question.batches().producerEpoch() - before.batches().producerEpoch();
      if (newer < 0) {
        return () -> question.refuse(Errors.INVALID_PRODUCER_EPOCH);
      }
      channel.waiting.put(id, question);
      return () ->
          before.refuse(newer > 0 ? Errors.INVALID_PRODUCER_EPOCH : Errors.NETWORK_EXCEPTION);
    }
    channel.waiting.put(id, question);
    return () -> {};
  }

  private void sendNext(int broker) {
    NodeClient client;
    Map<String, Question> questions;
    synchronized (this) {
      Channel channel = channels.get(broker);
      if (channel.underWay || channel.waiting.isEmpty()) {
        return;
      }
      channel.underWay = true;
      questions = channel.waiting;
      channel.waiting = new LinkedHashMap<>();
      client = channel.client;
    }
    client
        .send(
            AddPartitionsToTxnRequest.Builder.forBroker(transactions(questions.values())),
            ApiKeys.ADD_PARTITIONS_TO_TXN.latestVersion(),
            timeout)
        .whenComplete(
            (response, failure) -> {
              synchronized (this) {
                channels.get(broker).underWay = false;
              }
              sendNext(broker);
              tell(questions, response, failure);
            });
  }

  private static AddPartitionsToTxnTransactionCollection transactions(
      Collection<Question> questions) {
    AddPartitionsToTxnTransactionCollection all = new AddPartitionsToTxnTransactionCollection();
    for (Question question : questions) {
      AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
      for (TopicPartition partition : question.partitions()) {
        AddPartitionsToTxnTopic topic = topics.find(partition.topic());
        if (topic == null) {
          topic = new AddPartitionsToTxnTopic().setName(partition.topic());
          topic.setPartitions(new ArrayList<>());
          topics.add(topic);
        }
        topic.partitions().add(partition.partition());
      }
      all.add(
          new AddPartitionsToTxnTransaction()
              .setTransactionalId(question.batches().transactionalId())
              .setProducerId(question.batches().producerId())
              .setProducerEpoch(question.batches().producerEpoch())
              .setVerifyOnly(true)
              .setTopics(topics));
    }
    return all;
  }

  private static void tell(
      Map<String, Question> questions, AbstractResponse response, Throwable failure) {
    if (failure != null) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (cause instanceof UnsupportedVersionException) {
        // A coordinator of an older release verifies nothing.
        questions.values().forEach(each -> each.answer().accept(Map.of()));
      } else {
        questions.values().forEach(each -> each.refuse(Errors.NETWORK_EXCEPTION));
      }
      return;
    }
    AddPartitionsToTxnResponseData data = ((AddPartitionsToTxnResponse) response).data();
    if (data.errorCode() != Errors.NONE.code()) {
      Errors error = Errors.forCode(data.errorCode());
      questions
          .values()
          .forEach(
              each ->
                  each.refuse(
                      error == Errors.CLUSTER_AUTHORIZATION_FAILED
                          ? Errors.INVALID_TXN_STATE
                          : error));
      return;
    }
    for (AddPartitionsToTxnResult result : data.resultsByTransaction()) {
      Question question = questions.get(result.transactionalId());
      question.answer().accept(refused(result, question.batches().knowsAbortable()));
    }
  }

  private static Map<TopicPartition, Errors> refused(
      AddPartitionsToTxnResult result, boolean knowsAbortable) {
    Map<TopicPartition, Errors> refused = new HashMap<>();
    for (AddPartitionsToTxnTopicResult topic : result.topicResults()) {
      for (AddPartitionsToTxnPartitionResult each : topic.resultsByPartition()) {
        Errors error = Errors.forCode(each.partitionErrorCode());
        if (error != Errors.NONE) {
          refused.put(
              new TopicPartition(topic.name(), each.partitionIndex()),
              forProducers(error, knowsAbortable));
        }
      }
    }
    return refused;
  }

  private static Errors forProducers(Errors error, boolean knowsAbortable) {
    return switch (error) {
      case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
      case TRANSACTION_ABORTABLE -> knowsAbortable ? error : Errors.INVALID_TXN_STATE;
      default -> error;
    };
  }

  /** Forgets its connections; questions that wait are never answered. */
  synchronized void close() {
    List<Channel> all = List.copyOf(channels.values());
    all.forEach(each -> each.waiting.clear());
    all.forEach(each -> each.client.close());
  }
}
