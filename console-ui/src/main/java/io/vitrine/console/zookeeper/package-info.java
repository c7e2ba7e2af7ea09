/**
 * The ZooKeeper view: the tree of znodes with owners and watches, the sessions with their
 * countdowns, the members of the ensemble.
 *
 * <p>{@link io.vitrine.console.zookeeper.ZnodeModel} decides what is asked and when, and knows no
 * toolkit; {@link io.vitrine.console.zookeeper.ZooKeeperScreen} draws it. ZooKeeper is asked only
 * while the view is shown and nothing is paused. JavaFX thread. Uses {@code control}, {@code live},
 * {@code text}, {@code theme}; no other view.
 */
package io.vitrine.console.zookeeper;
