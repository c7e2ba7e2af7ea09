package io.vitrine.cluster.replica;

import io.vitrine.storage.log.Origin;
import io.vitrine.storage.log.VerificationGuard;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.common.TopicPartition;

/**
 * How records are appended to partitions this broker leads.
 *
 * @param acks 0 and 1 answer after the append, -1 when the ISR has the records
 * @param timeoutMs how long an acks=-1 append may wait for that
 * @param guards of partitions in which a verified transaction is to begin
 * @param ledSince the leader epoch since which this broker must lead the partitions without a
 *     break, any if empty
 */
public record AppendParameters(
    short acks,
    long timeoutMs,
    Origin origin,
    Map<TopicPartition, VerificationGuard> guards,
    OptionalInt ledSince) {

  /** In whatever epoch this broker leads, no transaction verified. */
  public static AppendParameters of(short acks, long timeoutMs, Origin origin) {
    return new AppendParameters(acks, timeoutMs, origin, Map.of(), OptionalInt.empty());
  }

  public AppendParameters withGuards(Map<TopicPartition, VerificationGuard> verified) {
    return new AppendParameters(acks, timeoutMs, origin, Map.copyOf(verified), ledSince);
  }

  /**
   * Only if this broker leads since that epoch without a break, as {@link
   * LeadershipListener#gained} told it.
   */
  public AppendParameters ledSince(int leaderEpoch) {
    return new AppendParameters(acks, timeoutMs, origin, guards, OptionalInt.of(leaderEpoch));
  }
}
