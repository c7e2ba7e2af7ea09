/**
 * Puts one broker together, in the order Kafka starts and stops one.
 *
 * <p>The door is {@link io.vitrine.cluster.broker.Broker}; it is used by one supervisor thread, and
 * by another to kill. {@code BrokerParts} keeps the order; what ends in {@code Parts} or {@code
 * Handlers} beside it makes one area each, what ends in {@code Reconfiguration} lets one follow the
 * settings. May use every package it assembles.
 */
package io.vitrine.cluster.broker;
