/**
 * Fixed stories for tests and pictures, published as a test jar.
 *
 * <p>The door is {@link io.vitrine.cluster.testing.SampleSnapshots}. No clock, no thread.
 */
package io.vitrine.cluster.testing;
