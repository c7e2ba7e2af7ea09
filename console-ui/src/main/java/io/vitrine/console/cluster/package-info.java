/**
 * The Cluster view: brokers as cards, ZooKeeper, the controller, the demo traffic and what moves
 * between them.
 *
 * <p>{@link io.vitrine.console.cluster.ClusterViewModel} turns frames into a page and knows no
 * toolkit; {@link io.vitrine.console.cluster.ClusterView} draws it. JavaFX thread. Uses {@code
 * control}, {@code live}, {@code text}, {@code theme}; no other view.
 */
package io.vitrine.console.cluster;
