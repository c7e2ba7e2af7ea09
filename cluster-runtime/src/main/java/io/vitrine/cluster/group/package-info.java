/**
 * Consumer groups: who is a member, who consumes what, and how far each group has come.
 *
 * <p>The door is {@link io.vitrine.cluster.group.GroupCoordinator}, called on the I/O threads of
 * the server; time-outs come on the purgatory's thread, ends of appends on {@code
 * broker-<id>-group-appends}. Each group has one lock; answers leave after it is released. May use
 * {@code coordinator}, {@code replica}, {@code purgatory}, {@code config}, {@code event} and the
 * module storage's {@code log}.
 */
package io.vitrine.cluster.group;
