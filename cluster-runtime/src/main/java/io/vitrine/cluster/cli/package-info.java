/**
 * The command line: options, and the cluster without a window.
 *
 * <p>The door is {@link io.vitrine.cluster.cli.VitrineCommand}. Runs on the main thread. Uses the
 * module's root, {@code event} and {@code snapshot}.
 */
package io.vitrine.cluster.cli;
