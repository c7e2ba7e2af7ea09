/**
 * Who is at the other end, and that nobody listens in: TLS and SASL on the Netty pipelines of
 * server and client.
 *
 * <p>Doors: {@link io.vitrine.protocol.security.ListenerSecurity} for what a listener accepts,
 * {@link io.vitrine.protocol.security.ClientSecurity} for the connections this broker makes. Both
 * put handlers before the connection's own; a server's tells it by {@link
 * io.vitrine.protocol.security.Authenticated} who has come.
 *
 * <p>The exchange on the wire is ours. Key stores, mechanisms, logins and principal builders are
 * kafka-clients', so that its settings and plug-ins work unchanged. Threads: handlers and exchanges
 * belong to their channel's event loop; mechanisms are asked there too, as Kafka does, so a
 * callback handler that waits holds up its neighbours. May use {@code codec} and {@code api}.
 */
package io.vitrine.protocol.security;
