package io.vitrine.cluster.group;

import io.vitrine.cluster.coordinator.CoordinatorState;
import io.vitrine.cluster.group.GroupRecords.GroupKey;
import io.vitrine.cluster.group.GroupRecords.Key;
import io.vitrine.cluster.group.GroupRecords.OffsetKey;
import io.vitrine.cluster.group.GroupRecords.UnknownKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of one partition of {@code __consumer_offsets}: replayed from its log, then looked up
 * by requests. The map is safe from any thread, each group is guarded by its own lock; what is
 * gathered while replaying belongs to the loader thread.
 */
final class GroupPartition implements CoordinatorState {
  private static final Logger LOG = LoggerFactory.getLogger(GroupPartition.class);

  private final int number;
  private final LongSupplier nowMs;
  private final Membership membership;
  private final Map<String, Group> groups = new ConcurrentHashMap<>();

  /** Groups with offsets in a producer's open transaction. */
  private final Map<Long, Set<String>> groupsOfProducers = new ConcurrentHashMap<>();

  private Replay replay = new Replay();

  /** What the log said so far. */
  private static final class Replay {
    private final Map<String, GroupRecord> groups = new HashMap<>();
    private final Map<OffsetKey, StoredOffset> offsets = new HashMap<>();
    private final Map<Long, Map<OffsetKey, StoredOffset>> transactional = new HashMap<>();
    private RecordBatch batch;
    private long batchOffset;
  }

  /**
   * @param nowMs wall clock
   */
  GroupPartition(int number, LongSupplier nowMs, Membership membership) {
    this.number = number;
    this.nowMs = nowMs;
    this.membership = membership;
  }

  // ---- load and unload -----------------------------------------------------------------------

  @Override
  public void replay(RecordBatch batch, Record record) {
    if (batch.isControlBatch()) {
      replayMarker(batch, record);
      return;
    }
    if (batch != replay.batch) {
      // Compaction may have taken the batch's first records.
      replay.batch = batch;
      replay.batchOffset = record.offset();
    }
    Key key = GroupRecords.readKey(record.key());
    if (key instanceof OffsetKey offset) {
      replayOffset(batch, offset, record);
    } else if (key instanceof GroupKey group) {
      if (record.hasValue()) {
        replay.groups.put(group.group(), GroupRecords.readGroup(record.value()));
      } else {
        replay.groups.remove(group.group());
      }
    } else if (key instanceof UnknownKey unknown) {
      LOG.warn(
          "partition={} offset={} is of version {}, which a later release wrote",
          number,
          record.offset(),
          unknown.version());
    }
  }

  private void replayOffset(RecordBatch batch, OffsetKey key, Record record) {
    Map<OffsetKey, StoredOffset> into =
        batch.isTransactional()
            ? replay.transactional.computeIfAbsent(batch.producerId(), id -> new HashMap<>())
            : replay.offsets;
    if (record.hasValue()) {
      into.put(key, new StoredOffset(replay.batchOffset, GroupRecords.readOffset(record.value())));
    } else {
      into.remove(key);
    }
  }

  private void replayMarker(RecordBatch batch, Record record) {
    Map<OffsetKey, StoredOffset> ended = replay.transactional.remove(batch.producerId());
    if (ended != null && ControlRecordType.parse(record.key()) == ControlRecordType.COMMIT) {
      ended.forEach(
          (key, offset) ->
              replay.offsets.merge(
                  key, offset, (before, now) -> before.isOlderThan(now) ? now : before));
    }
  }

  @Override
  public void loaded() {
    Replay all = replay;
    replay = null;
    Map<String, Map<TopicPartition, StoredOffset>> offsets = new HashMap<>();
    all.offsets.forEach(
        (key, offset) ->
            offsets
                .computeIfAbsent(key.group(), id -> new HashMap<>())
                .put(key.partition(), offset));
    Map<String, Map<Long, Map<TopicPartition, StoredOffset>>> open = new HashMap<>();
    all.transactional.forEach(
        (producer, pending) ->
            pending.forEach(
                (key, offset) -> {
                  open.computeIfAbsent(key.group(), id -> new HashMap<>())
                      .computeIfAbsent(producer, id -> new HashMap<>())
                      .put(key.partition(), offset);
                  producerOpened(producer, key.group());
                }));
    Set<String> ids = new HashSet<>(all.groups.keySet());
    ids.addAll(offsets.keySet());
    ids.addAll(open.keySet());
    for (String id : ids) {
      GroupRecord record = all.groups.get(id);
      Group group =
          record == null ? new Group(id, number, nowMs.getAsLong()) : Group.of(id, number, record);
      group.locked(
          () ->
              group
                  .offsets()
                  .load(offsets.getOrDefault(id, Map.of()), open.getOrDefault(id, Map.of())));
      groups.put(id, group);
      membership.loaded(group);
    }
  }

  @Override
  public void unloaded() {
    for (Group group : groups.values()) {
      groups.remove(group.id(), group);
      membership.unloaded(group);
    }
  }

  // ---- groups --------------------------------------------------------------------------------

  Optional<Group> find(String id) {
    return Optional.ofNullable(groups.get(id));
  }

  Group findOrCreate(String id) {
    return groups.computeIfAbsent(id, each -> new Group(each, number, nowMs.getAsLong()));
  }

  /** The same for somebody who commits offsets and joins no group; a new one is told of. */
  Group findOrCreateForOffsets(String id) {
    Group created = new Group(id, number, nowMs.getAsLong());
    Group known = groups.putIfAbsent(id, created);
    if (known == null) {
      membership.beganWithOffsets(created);
      return created;
    }
    return known;
  }

  Collection<Group> all() {
    return List.copyOf(groups.values());
  }

  /** Whether this very group is kept here. */
  boolean has(Group group) {
    return groups.get(group.id()) == group;
  }

  void remove(Group group) {
    groups.remove(group.id(), group);
  }

  // ---- transactions --------------------------------------------------------------------------

  void producerOpened(long producerId, String groupId) {
    groupsOfProducers.computeIfAbsent(producerId, id -> ConcurrentHashMap.newKeySet()).add(groupId);
  }

  /** A producer's transaction has ended; called after its marker is in the log. */
  void producerEnded(long producerId, boolean commit) {
    Set<String> ended = groupsOfProducers.remove(producerId);
    if (ended != null) {
      Consumer<Group> complete =
          group -> group.locked(() -> group.offsets().completed(producerId, commit));
      ended.forEach(id -> find(id).ifPresent(complete));
    }
  }
}
