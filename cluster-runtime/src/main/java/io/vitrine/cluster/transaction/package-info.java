/**
 * Transactions: who leads a partition of {@code __transaction_state} coordinates the transactional
 * ids that hash to it.
 *
 * <p>The door is {@link io.vitrine.cluster.transaction.TransactionCoordinator}. Each transactional
 * id has one {@code TransactionEntry} with a monitor of its own: under it the next {@link
 * io.vitrine.cluster.transaction.Transaction} is decided, by pure functions; outside of it that is
 * written to the log; then it takes effect. While a write is under way the id takes no other. Ended
 * transactions are told to the leaders of their partitions by {@code MarkerSender}, until all have
 * heard. May use {@code coordinator}, {@code replica}, {@code metadata}, {@code config}, {@code
 * event} and {@code protocol.client}. Source: KIP-98, KIP-360, KIP-890.
 */
package io.vitrine.cluster.transaction;
