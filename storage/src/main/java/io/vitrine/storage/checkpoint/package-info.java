/**
 * Small files that are replaced as a whole: offset checkpoints, {@code meta.properties}, {@code
 * partition.metadata} and the clean-shutdown marker. Uses {@code file}.
 */
package io.vitrine.storage.checkpoint;
