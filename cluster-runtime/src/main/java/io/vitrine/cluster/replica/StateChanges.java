package io.vitrine.cluster.replica;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.metadata.BrokerNode;
import io.vitrine.cluster.metadata.MetadataCache;
import io.vitrine.storage.log.PartitionLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.message.LeaderAndIsrRequestData.LeaderAndIsrPartitionState;
import org.apache.kafka.common.message.StopReplicaRequestData.StopReplicaPartitionState;
import org.apache.kafka.common.message.UpdateMetadataResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.LeaderAndIsrRequest;
import org.apache.kafka.common.requests.LeaderAndIsrResponse;
import org.apache.kafka.common.requests.StopReplicaRequest;
import org.apache.kafka.common.requests.StopReplicaResponse;
import org.apache.kafka.common.requests.UpdateMetadataRequest;
import org.apache.kafka.common.requests.UpdateMetadataResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the controller's orders: LeaderAndIsr, StopReplica, UpdateMetadata.
 *
 * <p>One at a time, under this object's monitor, which is taken before any other lock. Owns the
 * newest controller epoch: orders of an older controller are refused with 11, orders meant for this
 * broker's earlier registration with 77.
 */
final class StateChanges {
  private static final Logger LOG = LoggerFactory.getLogger(StateChanges.class);

  /** Leader epochs of StopReplica that are not compared: none told, and topic deletion. */
  private static final int NO_EPOCH = -1;

  private static final int EPOCH_DURING_DELETE = -2;

  private final ReplicaEnvironment environment;
  private final LongSupplier nowMs;
  private final HostedPartitions partitions;
  private final PartitionContext context;
  private final FollowerFetchers fetchers;
  private final ReplicaMoves moves;
  private final DelayedOperations delayed;
  private final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();
  private int controllerEpoch;
  private boolean ended;

  StateChanges(
      ReplicaEnvironment environment,
      HostedPartitions partitions,
      PartitionContext context,
      FollowerFetchers fetchers,
      ReplicaMoves moves) {
    this.environment = environment;
    this.nowMs = context.nowMs();
    this.partitions = partitions;
    this.context = context;
    this.fetchers = fetchers;
    this.moves = moves;
    this.delayed = context.delayed();
  }

  Runnable listen(LeadershipListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** No order is carried out any more. */
  synchronized void end() {
    ended = true;
  }

  private boolean isForEarlierRegistration(long brokerEpoch) {
    return brokerEpoch >= 0 && brokerEpoch < environment.brokerEpoch().getAsLong();
  }

  /** The error of the whole request, NONE when it is to be carried out. */
  private Errors admit(long requestBrokerEpoch, int requestControllerEpoch, String what) {
    Errors error = Errors.NONE;
    if (ended || isForEarlierRegistration(requestBrokerEpoch)) {
      error = Errors.STALE_BROKER_EPOCH;
    } else if (requestControllerEpoch < controllerEpoch) {
      error = Errors.STALE_CONTROLLER_EPOCH;
    } else {
      controllerEpoch = requestControllerEpoch;
    }
    if (error != Errors.NONE) {
      LOG.info(
          "broker {} refuses {} of controller epoch {} for broker epoch {}: {}",
          context.brokerId(),
          what,
          requestControllerEpoch,
          requestBrokerEpoch,
          error);
    }
    return error;
  }

  // ---- UpdateMetadata ------------------------------------------------------------------------

  synchronized UpdateMetadataResponse updateMetadata(UpdateMetadataRequest request) {
    Errors error = admit(request.brokerEpoch(), request.controllerEpoch(), "UpdateMetadata");
    if (error == Errors.NONE) {
      Set<Integer> before = environment.metadata().image().aliveBrokers().keySet();
      environment.metadata().apply(request);
      if (!environment.metadata().image().aliveBrokers().keySet().containsAll(before)) {
        partitions.all().forEach(each -> each.leaderIsr().brokerGone());
      }
    }
    return new UpdateMetadataResponse(new UpdateMetadataResponseData().setErrorCode(error.code()));
  }

  // ---- LeaderAndIsr --------------------------------------------------------------------------

  /** The partitions of one request that are to change, and the errors of the others. */
  private static final class Plan {
    final Map<Partition, LeaderAndIsrPartitionState> leaders = new LinkedHashMap<>();
    final Map<Partition, LeaderAndIsrPartitionState> followers = new LinkedHashMap<>();
    final Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
  }

  synchronized LeaderAndIsrResponse leaderAndIsr(LeaderAndIsrRequest request) {
    Errors error = admit(request.brokerEpoch(), request.controllerEpoch(), "LeaderAndIsr");
    if (error == Errors.STALE_BROKER_EPOCH) {
      return request.getErrorResponse(
          0, new StaleBrokerEpochException("this broker has registered anew"));
    }
    if (error != Errors.NONE) {
      return request.getErrorResponse(0, error.exception());
    }
    Map<String, Uuid> topicIds = request.topicIds();
    Plan plan = new Plan();
    for (LeaderAndIsrPartitionState state : request.partitionStates()) {
      plan(state, topicId(topicIds, state.topicName()), request.isKRaftController(), plan);
    }
    becomeLeaders(plan, topicIds);
    becomeFollowers(plan, topicIds);
    moves.resume(plan.leaders.keySet());
    moves.resume(plan.followers.keySet());
    environment.logs().startHighWatermarkCheckpoints();
    fetchers.endIdle();
    return ControlResponses.leaderAndIsr(request, plan.errors);
  }

  private static Optional<Uuid> topicId(Map<String, Uuid> topicIds, String topic) {
    return Optional.ofNullable(topicIds.get(topic)).filter(id -> !id.equals(Uuid.ZERO_UUID));
  }

  private void plan(
      LeaderAndIsrPartitionState state, Optional<Uuid> topicId, boolean repeatable, Plan plan) {
    TopicPartition tp = new TopicPartition(state.topicName(), state.partitionIndex());
    if (partitions.isOffline(tp)) {
      plan.errors.put(tp, Errors.KAFKA_STORAGE_ERROR);
      return;
    }
    Partition partition = partitions.get(tp).orElseGet(() -> host(tp));
    int current = partition.leaderEpoch();
    Optional<Uuid> own = partition.topicId();
    if (topicId.isPresent() && own.isPresent() && !own.equals(topicId)) {
      plan.errors.put(tp, Errors.INCONSISTENT_TOPIC_ID);
    } else if (state.leaderEpoch() > current || repeatable && state.leaderEpoch() == current) {
      if (!state.replicas().contains(context.brokerId())) {
        plan.errors.put(tp, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      } else if (state.leader() == context.brokerId()) {
        plan.leaders.put(partition, state);
        plan.errors.put(tp, Errors.NONE);
      } else {
        plan.followers.put(partition, state);
        plan.errors.put(tp, Errors.NONE);
      }
    } else {
      plan.errors.put(tp, handOverTopicId(partition, state, topicId));
    }
  }

  private Partition host(TopicPartition tp) {
    Partition created = new Partition(tp, context);
    partitions.add(created);
    return created;
  }

  /** An order of the epoch already in force is refused, unless it brings a missing topic id. */
  private Errors handOverTopicId(
      Partition partition, LeaderAndIsrPartitionState state, Optional<Uuid> topicId) {
    Optional<PartitionLog> log = partition.log();
    if (state.leaderEpoch() == partition.leaderEpoch()
        && topicId.isPresent()
        && partition.topicId().isEmpty()
        && log.isPresent()) {
      log.get().assignTopicId(topicId.get());
      if (state.leader() != context.brokerId()) {
        fetchers.updateTopicId(partition.topicPartition(), topicId.get());
      }
      return Errors.NONE;
    }
    return Errors.STALE_CONTROLLER_EPOCH;
  }

  private void becomeLeaders(Plan plan, Map<String, Uuid> topicIds) {
    fetchers.remove(plan.leaders.keySet().stream().map(Partition::topicPartition).toList());
    carryOut(
            plan,
            plan.leaders,
            (partition, state) ->
                partition.becomeLeader(state, logOf(partition, topicIds, state.isNew())))
        .forEach(
            partition ->
                listeners.forEach(
                    listener ->
                        listener.gained(partition.topicPartition(), partition.leaderEpoch())));
  }

  private void becomeFollowers(Plan plan, Map<String, Uuid> topicIds) {
    List<Partition> restarted =
        carryOut(
            plan,
            plan.followers,
            (partition, state) ->
                becomeFollower(partition, state, logOf(partition, topicIds, state.isNew())));
    fetchers.remove(restarted.stream().map(Partition::topicPartition).toList());
    for (Partition partition : restarted) {
      delayed.changed(partition.topicPartition());
      listeners.forEach(
          listener -> listener.lost(partition.topicPartition(), partition.leaderEpoch()));
    }
    fetchers.add(restarted.stream().map(this::source).flatMap(Optional::stream).toList());
  }

  /**
   * Changes the roles of partitions side by side: each waits for the disk more than once, and an
   * order may name a thousand.
   *
   * @param change whether the partition began something new
   * @return those that did, in the order of the request
   */
  private List<Partition> carryOut(
      Plan plan,
      Map<Partition, LeaderAndIsrPartitionState> orders,
      BiPredicate<Partition, LeaderAndIsrPartitionState> change) {
    Map<Partition, CompletableFuture<Boolean>> outcomes = new LinkedHashMap<>();
    orders.forEach(
        (partition, state) ->
            outcomes.put(
                partition,
                CompletableFuture.supplyAsync(
                    () -> change.test(partition, state), environment.orderWorkers())));
    // None may still be under way when an error ends this order.
    outcomes.values().forEach(outcome -> outcome.handle((began, error) -> null).join());
    List<Partition> changed = new ArrayList<>();
    outcomes.forEach(
        (partition, outcome) -> {
          try {
            if (outcome.join()) {
              changed.add(partition);
            }
          } catch (CompletionException e) {
            failed(plan, partition, e.getCause());
          }
        });
    return changed;
  }

  /** Without a live leader the replica gets its log, but not the order's epoch. */
  private boolean becomeFollower(
      Partition partition, LeaderAndIsrPartitionState state, PartitionLog log) {
    if (!environment.metadata().image().isAlive(state.leader())) {
      LOG.warn(
          "broker {} cannot follow broker {} in {}: it is not known to live",
          context.brokerId(),
          state.leader(),
          partition.topicPartition());
      partition.hold(log);
      return false;
    }
    return partition.becomeFollower(state, log);
  }

  private Optional<FollowerFetchers.Source> source(Partition partition) {
    MetadataCache metadata = environment.metadata();
    String listener = environment.config().interBrokerListenerName();
    Optional<BrokerNode.HostPort> address =
        metadata.image().broker(partition.leader()).flatMap(node -> node.endpoint(listener));
    if (address.isEmpty() || partition.log().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new FollowerFetchers.Source(
            partition.leader(),
            address.get(),
            FetchedPartition.begin(
                partition,
                partition.log().get(),
                partition.leaderEpoch(),
                nowMs.getAsLong(),
                environment.config().interBrokerProtocol())));
  }

  private PartitionLog logOf(Partition partition, Map<String, Uuid> topicIds, boolean isNew) {
    TopicPartition tp = partition.topicPartition();
    return environment.logs().getOrCreate(tp, topicId(topicIds, tp.topic()), isNew);
  }

  private void failed(Plan plan, Partition partition, Throwable cause) {
    TopicPartition tp = partition.topicPartition();
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof KafkaStorageException) {
      LOG.error("broker {} takes {} offline", context.brokerId(), tp, cause);
      partitions.takeOffline(tp);
      plan.errors.put(tp, Errors.KAFKA_STORAGE_ERROR);
    } else {
      LOG.error("broker {} cannot carry out the order for {}", context.brokerId(), tp, cause);
      plan.errors.put(tp, Errors.forException(cause));
    }
  }

  // ---- StopReplica ---------------------------------------------------------------------------

  synchronized StopReplicaResponse stopReplica(StopReplicaRequest request) {
    Errors error = admit(request.brokerEpoch(), request.controllerEpoch(), "StopReplica");
    Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
    if (error == Errors.NONE) {
      Map<TopicPartition, StopReplicaPartitionState> stopped = new LinkedHashMap<>();
      request
          .partitionStates()
          .forEach(
              (tp, state) -> {
                Errors refusal = mayStop(tp, state.leaderEpoch());
                errors.put(tp, refusal);
                if (refusal == Errors.NONE) {
                  stopped.put(tp, state);
                }
              });
      fetchers.remove(stopped.keySet());
      moves.stop(stopped.keySet());
      stopped.forEach((tp, state) -> errors.put(tp, stop(tp, state)));
      fetchers.endIdle();
    }
    return ControlResponses.stopReplica(error, errors);
  }

  private Errors mayStop(TopicPartition tp, int leaderEpoch) {
    if (partitions.isOffline(tp)) {
      return Errors.KAFKA_STORAGE_ERROR;
    }
    boolean compared = leaderEpoch != NO_EPOCH && leaderEpoch != EPOCH_DURING_DELETE;
    int current = partitions.get(tp).map(Partition::leaderEpoch).orElse(-1);
    return compared && leaderEpoch < current ? Errors.FENCED_LEADER_EPOCH : Errors.NONE;
  }

  private Errors stop(TopicPartition tp, StopReplicaPartitionState state) {
    boolean delete = state.deletePartition();
    Errors error = Errors.NONE;
    if (delete) {
      partitions.get(tp).ifPresent(Partition::clear);
      partitions.remove(tp);
    }
    // Who waits for it is answered now, not when the time is up.
    delayed.changed(tp);
    if (delete) {
      try {
        environment.logs().delete(tp);
      } catch (RuntimeException e) {
        LOG.error("broker {} cannot delete {}", context.brokerId(), tp, e);
        error = Errors.forException(e);
      }
      listeners.forEach(listener -> listener.lost(tp, state.leaderEpoch()));
    }
    environment.events().report(context.brokerId(), new ClusterEvent.ReplicaStopped(tp, delete));
    return error;
  }

  // ---- log directories
  // ----------------------------------------------------------------------------------

  /** Moves replicas to other log directories, or remembers where to make them. */
  synchronized Map<TopicPartition, Errors> alterLogDirs(Map<TopicPartition, String> directories) {
    Map<TopicPartition, Errors> errors = new LinkedHashMap<>();
    directories.forEach((tp, directory) -> errors.put(tp, moves.alter(tp, directory)));
    return errors;
  }

  /** Takes the partitions of a failed log directory offline. */
  synchronized void logDirectoryFailed(Path directory) {
    List<TopicPartition> failed =
        partitions.all().stream()
            .filter(
                each -> each.log().filter(log -> log.logDirectory().equals(directory)).isPresent())
            .map(Partition::topicPartition)
            .toList();
    fetchers.remove(failed);
    moves.stop(failed);
    moves.directoryFailed(directory);
    for (TopicPartition tp : failed) {
      partitions.takeOffline(tp);
      delayed.changed(tp);
      listeners.forEach(listener -> listener.lost(tp, NO_EPOCH));
    }
  }
}
