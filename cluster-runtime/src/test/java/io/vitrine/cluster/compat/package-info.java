/**
 * Unchanged clients and Kafka's own tools of several ages, run against one cluster, with a table of
 * what came of it.
 *
 * <p>{@link io.vitrine.cluster.compat.ClientsAndTools} is the door; the module's README says how to
 * run it. Those that need nothing but the build's own artifacts run as tests too. One thread; every
 * client and tool is a process of its own, ended after a while if it does not end itself.
 */
package io.vitrine.cluster.compat;
