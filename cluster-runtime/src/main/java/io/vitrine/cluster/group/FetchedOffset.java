package io.vitrine.cluster.group;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.RecordBatch;

/**
 * What a group is told about a partition.
 *
 * @param offset -1 when none is committed, or with an error
 * @param leaderEpoch -1 when the committer did not say it
 */
public record FetchedOffset(long offset, int leaderEpoch, String metadata, Errors error) {
  private static final long NO_OFFSET = -1;

  static FetchedOffset none(Errors error) {
    return new FetchedOffset(NO_OFFSET, RecordBatch.NO_PARTITION_LEADER_EPOCH, "", error);
  }

  static FetchedOffset of(CommittedOffset committed) {
    return new FetchedOffset(
        committed.offset(),
        committed.leaderEpoch().orElse(RecordBatch.NO_PARTITION_LEADER_EPOCH),
        committed.metadata(),
        Errors.NONE);
  }
}
