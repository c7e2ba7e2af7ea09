package io.vitrine.cluster.purgatory;

/**
 * An operation in the waiting room, as the console shows it.
 *
 * @param description what it waits for
 * @param waitedMs how long it has been waiting
 * @param timeoutMs how long it may wait in all
 */
public record WaitingItem(String description, long waitedMs, long timeoutMs) {}
