/**
 * The cluster at one moment, as immutable records, and the fold that makes them from events.
 *
 * <p>The projector is pure; one publisher thread runs it and hands out the newest snapshot. What
 * ZooKeeper holds, what the controller decided and what each replica has are kept apart. Uses
 * {@code event} only; records may be read from any thread.
 */
package io.vitrine.cluster.snapshot;
