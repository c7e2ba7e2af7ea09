/**
 * The broker's side of the wire: {@link io.vitrine.protocol.server.ProtocolServer} listens, cuts
 * requests out of connections and puts them through a bounded queue to its I/O threads; the owner
 * answers them behind {@link io.vitrine.protocol.server.RequestHandler}.
 *
 * <p>Threads of one listener, named as Kafka's own: one <i>acceptor</i>; {@code
 * num.network.threads} <i>network</i> threads, which own the connections handed to them round robin
 * and never block; {@code num.io.threads} <i>io</i> threads, on which handlers run. May use {@code
 * codec}.
 */
package io.vitrine.protocol.server;
