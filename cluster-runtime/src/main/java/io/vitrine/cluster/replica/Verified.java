package io.vitrine.cluster.replica;

import io.vitrine.storage.log.VerificationGuard;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * What became of a verification.
 *
 * @param refused partitions in which the transaction cannot begin, with the coordinator's word or
 *     the partition's own error
 * @param guards with which it may be tried, see {@link AppendParameters}; also of refused ones
 */
public record Verified(
    Map<TopicPartition, Errors> refused, Map<TopicPartition, VerificationGuard> guards) {
  public Verified {
    refused = Map.copyOf(refused);
    guards = Map.copyOf(guards);
  }

  /** Nothing had to be verified. */
  static final Verified NOTHING = new Verified(Map.of(), Map.of());
}
