/**
 * The controller: who leads what, decided in one place.
 *
 * <p>Every broker has a {@link io.vitrine.cluster.controller.Controller}; one of them is active.
 * All state belongs to its event thread {@code broker-<id>-controller}. A step goes one way: watch
 * or request → event → pure decision → ZooKeeper, fenced by the controller epoch → orders to
 * brokers. May use {@code zookeeper}, {@code metadata}, {@code config}, {@code event} and {@code
 * protocol.client}.
 */
package io.vitrine.cluster.controller;
