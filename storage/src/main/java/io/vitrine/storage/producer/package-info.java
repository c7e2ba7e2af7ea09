/**
 * Idempotence: the last batches of every producer, checked on append and kept in snapshots. Uses
 * {@code file}; guarded by the log's lock.
 */
package io.vitrine.storage.producer;
