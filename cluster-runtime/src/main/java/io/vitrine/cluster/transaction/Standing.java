package io.vitrine.cluster.transaction;

/**
 * How a transactional id stands when something is decided about it.
 *
 * @param busy whether its next state is being written, or its end being told to leaders
 * @param fenceFailed whether an epoch that was to fence its producer may not be in the log
 */
record Standing(Transaction current, boolean busy, boolean fenceFailed) {}
