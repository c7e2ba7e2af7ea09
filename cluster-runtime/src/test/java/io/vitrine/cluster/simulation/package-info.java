/**
 * A cluster in one thread: our controller, replicas and logs on simulated time, network, ZooKeeper
 * and disks.
 *
 * <p>{@link io.vitrine.cluster.simulation.Simulation} tells one story from one seed and says which
 * rules hold whatever happens.
 */
package io.vitrine.cluster.simulation;
