package io.vitrine.cluster.group;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How far a group has come in a partition, as a consumer committed it.
 *
 * @param offset of the next record to be read
 * @param leaderEpoch of the last record read, if the consumer said it
 * @param metadata the consumer's own note, empty when there is none
 * @param commitTimestampMs wall clock
 * @param expireTimestampMs an explicit end of life, which clients before 2.1 could give
 */
public record CommittedOffset(
    long offset,
    OptionalInt leaderEpoch,
    String metadata,
    long commitTimestampMs,
    OptionalLong expireTimestampMs) {}
