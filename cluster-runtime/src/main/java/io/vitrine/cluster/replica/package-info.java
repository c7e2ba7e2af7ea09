/**
 * The replicas of one broker: leading with ISR and high watermark, following by fetching,
 * appending, reading, waiting.
 *
 * <p>The door is {@link io.vitrine.cluster.replica.ReplicaManager}. Orders of the controller are
 * carried out one at a time; appends and reads run on the callers' threads; each broker copied from
 * has its fetcher threads {@code broker-<id>-fetcher-<n>-from-<source>}. Locks are taken in this
 * order: orders, fetchers, a fetcher, a partition, its log. Nobody is called back under a
 * partition's lock. May use {@code metadata}, {@code purgatory}, {@code config}, {@code event}, and
 * the modules protocol and storage.
 */
package io.vitrine.cluster.replica;
