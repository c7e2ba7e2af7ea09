/**
 * The brokers' side of the wire to other brokers: {@link io.vitrine.protocol.client.NodeClients}
 * holds the event loops of one broker, {@link io.vitrine.protocol.client.NodeClient} one connection
 * to one node, pipelined and correlated, made again after a loss with the next request.
 *
 * <p>Threads {@code <prefix>client-<n>}; futures complete on them, so nobody works or waits there.
 * A {@link io.vitrine.protocol.client.DedicatedClient} has a thread of its own, on which one may.
 * May use {@code codec}.
 */
package io.vitrine.protocol.client;
