package io.vitrine.cluster.group;

/**
 * What became of groups since the broker's start.
 *
 * @param committed offsets committed, in transactions too
 * @param expired offsets nobody asked for any more
 * @param deleted offsets an administrator had deleted
 * @param rebalances that came to an assignment
 */
public record GroupTotals(long committed, long expired, long deleted, long rebalances) {}
