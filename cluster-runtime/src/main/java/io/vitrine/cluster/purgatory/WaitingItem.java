package io.vitrine.cluster.purgatory;

import java.util.List;

/**
 * An operation in the waiting room, as the console shows it.
 *
 * @param purgatory which one, such as Produce
 * @param number tells it from others of its purgatory
 * @param follower the id of the broker whose operation it is, negative when it is a client's
 * @param leastBytes how many bytes must be there; 0 when it is not bytes that it waits for
 * @param awaited the first of what it waits for, {@link DelayedOperation#MOST_AWAITED} at most
 * @param waitedMs how long it has been waiting
 * @param timeoutMs how long it may wait in all
 */
public record WaitingItem(
    String purgatory,
    long number,
    int follower,
    int leastBytes,
    List<Awaited> awaited,
    long waitedMs,
    long timeoutMs) {
  public WaitingItem {
    awaited = List.copyOf(awaited);
  }
}
