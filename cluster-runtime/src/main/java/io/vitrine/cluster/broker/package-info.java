/**
 * Puts one broker together, in the order Kafka starts and stops one.
 *
 * <p>The door is {@link io.vitrine.cluster.broker.Broker}; it is used by one supervisor thread, and
 * by another to kill. May use every package it assembles.
 */
package io.vitrine.cluster.broker;
