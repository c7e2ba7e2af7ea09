/**
 * What happened in the cluster, as one ordered stream.
 *
 * <p>Every component reports through an {@link io.vitrine.cluster.event.EventSink}; the {@link
 * io.vitrine.cluster.event.EventJournal} numbers the events and keeps the newest. Live, replayed
 * and tested states are folds of this stream. Uses nothing else of this module; safe from any
 * thread.
 */
package io.vitrine.cluster.event;
