/**
 * Who may do what: the authorizer and the credentials it and the listeners live on.
 *
 * <p>Doors: {@link io.vitrine.cluster.security.Authorizer}, asked by every handler before it acts.
 * Asked on I/O threads, side by side; what changes in ZooKeeper is taken over on the broker's
 * threads of change notifications. May use {@code zookeeper}, {@code config} and the server's
 * requests.
 */
package io.vitrine.cluster.security;
