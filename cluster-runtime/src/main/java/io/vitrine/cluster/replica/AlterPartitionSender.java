package io.vitrine.cluster.replica;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controller for ISR changes of the partitions this broker leads: all that wait go into
 * one request, one request is under way at a time, and a request that brought no answer is sent
 * again after {@value #RETRY_MS} ms, for ever, or until a newer order has made it pointless.
 *
 * <p>Guarded by this object's monitor. Answers are given on the scheduler's thread.
 */
final class AlterPartitionSender implements IsrChangeSender {
  private static final Logger LOG = LoggerFactory.getLogger(AlterPartitionSender.class);
  private static final long RETRY_MS = 50;
  private static final short NEWEST = ApiKeys.ALTER_PARTITION.latestVersion();
  private static final short LAST_WITH_NAMES = 1;

  private final int brokerId;
  private final LongSupplier brokerEpoch;
  private final boolean topicIds;
  private final ControllerChannel channel;
  private final ScheduledExecutorService scheduler;
  private final Map<TopicPartition, Wish> wishes = new HashMap<>();
  private boolean underWay;

  private record Wish(IsrChange change, CompletableFuture<IsrChange.Answer> answer) {}

  /** The way to whoever is the controller now. */
  interface ControllerChannel {
    /** Fails when there is no controller or it does not answer. Never blocks. */
    CompletableFuture<AlterPartitionResponse> send(
        AlterPartitionRequest.Builder request, short version);
  }

  /**
   * @param topicIds whether topics go by id, see {@code inter.broker.protocol.version}
   */
  AlterPartitionSender(
      int brokerId,
      LongSupplier brokerEpoch,
      boolean topicIds,
      ControllerChannel channel,
      ScheduledExecutorService scheduler) {
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.topicIds = topicIds;
    this.channel = channel;
    this.scheduler = scheduler;
  }

  @Override
  public CompletableFuture<IsrChange.Answer> submit(IsrChange change) {
    Wish wish = new Wish(change, new CompletableFuture<>());
    boolean taken;
    synchronized (this) {
      taken = wishes.putIfAbsent(change.partition(), wish) == null;
    }
    if (taken) {
      sendIfIdle();
    } else {
      later(
          () -> wish.answer().complete(IsrChange.Answer.refused(Errors.OPERATION_NOT_ATTEMPTED)),
          0);
    }
    return wish.answer();
  }

  @Override
  public CompletableFuture<IsrChange.Answer> submitLater(IsrChange change) {
    CompletableFuture<IsrChange.Answer> answer = new CompletableFuture<>();
    later(() -> submit(change).thenAccept(answer::complete), RETRY_MS);
    return answer;
  }

  private void sendIfIdle() {
    List<Wish> batch;
    synchronized (this) {
      if (underWay || wishes.isEmpty()) {
        return;
      }
      underWay = true;
      batch = List.copyOf(wishes.values());
    }
    boolean byId =
        topicIds && batch.stream().noneMatch(w -> w.change().topicId().equals(Uuid.ZERO_UUID));
    channel
        .send(request(batch, byId), byId ? NEWEST : LAST_WITH_NAMES)
        .whenComplete((response, failure) -> later(() -> answered(batch, response, failure), 0));
  }

  private AlterPartitionRequest.Builder request(List<Wish> batch, boolean byId) {
    AlterPartitionRequestData data =
        new AlterPartitionRequestData()
            .setBrokerId(brokerId)
            .setBrokerEpoch(brokerEpoch.getAsLong());
    Map<String, AlterPartitionRequestData.TopicData> topics = new HashMap<>();
    for (Wish wish : batch) {
      IsrChange change = wish.change();
      AlterPartitionRequestData.TopicData topic =
          topics.computeIfAbsent(
              change.partition().topic(),
              name -> {
                AlterPartitionRequestData.TopicData created =
                    new AlterPartitionRequestData.TopicData()
                        .setTopicId(change.topicId())
                        .setTopicName(name);
                data.topics().add(created);
                return created;
              });
      topic.partitions().add(partition(change));
    }
    return new AlterPartitionRequest.Builder(data, byId);
  }

  private static AlterPartitionRequestData.PartitionData partition(IsrChange change) {
    List<AlterPartitionRequestData.BrokerState> isr = new ArrayList<>();
    for (int id : change.newIsr()) {
      // With ZooKeeper the controller does not look at the members' broker epochs.
      isr.add(new AlterPartitionRequestData.BrokerState().setBrokerId(id).setBrokerEpoch(-1));
    }
    return new AlterPartitionRequestData.PartitionData()
        .setPartitionIndex(change.partition().partition())
        .setLeaderEpoch(change.leaderEpoch())
        .setPartitionEpoch(change.partitionEpoch())
        .setNewIsrWithEpochs(isr);
  }

  private void answered(List<Wish> batch, AlterPartitionResponse response, Throwable failure) {
    Errors error = Errors.NONE;
    Map<TopicPartition, IsrChange.Answer> answers = Map.of();
    if (failure != null) {
      LOG.info("broker {}: AlterPartition was not answered: {}", brokerId, failure.toString());
      error = Errors.NETWORK_EXCEPTION;
    } else {
      error = Errors.forCode(response.data().errorCode());
      if (error == Errors.NONE) {
        answers = answers(batch, response.data());
      } else {
        LOG.info("broker {}: AlterPartition was refused: {}", brokerId, error);
      }
    }
    synchronized (this) {
      answers.keySet().forEach(wishes::remove);
      underWay = false;
    }
    for (Wish wish : batch) {
      IsrChange.Answer answer = answers.get(wish.change().partition());
      if (answer != null) {
        wish.answer().complete(answer);
      }
    }
    if (error == Errors.NONE) {
      sendIfIdle();
    } else {
      later(this::sendIfIdle, RETRY_MS);
    }
  }

  private static Map<TopicPartition, IsrChange.Answer> answers(
      List<Wish> batch, AlterPartitionResponseData data) {
    Map<Uuid, String> names = new HashMap<>();
    batch.forEach(wish -> names.put(wish.change().topicId(), wish.change().partition().topic()));
    Map<TopicPartition, IsrChange.Answer> answers = new HashMap<>();
    for (AlterPartitionResponseData.TopicData topic : data.topics()) {
      for (AlterPartitionResponseData.PartitionData partition : topic.partitions()) {
        String name = topic.topicName().isEmpty() ? names.get(topic.topicId()) : topic.topicName();
        if (name != null) {
          answers.put(
              new TopicPartition(name, partition.partitionIndex()),
              new IsrChange.Answer(
                  Errors.forCode(partition.errorCode()),
                  partition.leaderEpoch(),
                  partition.partitionEpoch(),
                  List.copyOf(partition.isr())));
        }
      }
    }
    return answers;
  }

  private void later(Runnable task, long delayMs) {
    try {
      scheduler.schedule(task, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("broker {} is ending, its ISR changes stay unasked", brokerId);
    }
  }
}
