/**
 * One class for each API this broker answers, and their registry.
 *
 * <p>The door is {@link io.vitrine.cluster.handler.HandlerRegistry}: the server hands it every
 * request, on its I/O threads. A handler takes its request apart, asks the part of the broker that
 * owns the answer, and maps errors to Kafka's codes; decisions live in those parts. May use every
 * package below {@code broker}.
 */
package io.vitrine.cluster.handler;
