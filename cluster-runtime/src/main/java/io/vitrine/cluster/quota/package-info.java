/**
 * How much of a broker a client may use: bytes produced and fetched, request time, changes asked of
 * the controller (KIP-13, KIP-55, KIP-124, KIP-257, KIP-599), and connections with their rate
 * (KIP-308, KIP-402, KIP-612).
 *
 * <p>The door is {@link io.vitrine.cluster.quota.Quotas}. Nothing waits here: use is counted over
 * sampled windows as Kafka counts it, and what comes out is for how long a client is to be held
 * back, which the server does by not reading its connection. Safe from any thread. May use the
 * server of {@code protocol}.
 */
package io.vitrine.cluster.quota;
