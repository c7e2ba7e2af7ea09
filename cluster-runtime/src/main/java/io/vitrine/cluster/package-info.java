/**
 * The door of the runtime: commands go in, snapshots and events come out.
 *
 * <p>{@link io.vitrine.cluster.Cluster} is all the console and the command line know. Safe from any
 * thread. May use every package below.
 */
package io.vitrine.cluster;
