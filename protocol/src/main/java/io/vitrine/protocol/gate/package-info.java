/**
 * Where the messages of a server's connections can be watched: {@link
 * io.vitrine.protocol.gate.WireTap} hears of every request and its answer while somebody watches.
 *
 * <p>Called on network threads and on whichever thread answers; nothing here may block. Uses
 * Kafka's message classes only.
 */
package io.vitrine.protocol.gate;
