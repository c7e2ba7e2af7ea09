/**
 * How threads end.
 *
 * <p>Door: {@link io.vitrine.cluster.thread.Ending}. Owns no thread, uses nothing.
 */
package io.vitrine.cluster.thread;
