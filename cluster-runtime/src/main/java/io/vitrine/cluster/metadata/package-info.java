/**
 * What one broker knows of the cluster: the live brokers and every partition's leader and replicas.
 *
 * <p>The door is {@link io.vitrine.cluster.metadata.MetadataCache}; it holds an immutable {@link
 * io.vitrine.cluster.metadata.MetadataImage}, replaced whole by each UpdateMetadata of the
 * controller. Reading takes no lock; one writer at a time. Uses {@code config} and the messages of
 * kafka-clients.
 */
package io.vitrine.cluster.metadata;
