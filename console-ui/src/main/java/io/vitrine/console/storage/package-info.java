/**
 * The Storage view: log directories, their partitions, and a partition's files down to the byte, of
 * a live broker or of a folder no broker runs on.
 *
 * <p>{@link io.vitrine.console.storage.StorageModel} says what is looked at and reads it off the
 * JavaFX thread through {@code storage.inspect}, which changes nothing on disk; the panes draw it.
 * JavaFX thread. Uses {@code control}, {@code live}, {@code text}, {@code theme} and {@code
 * storage.inspect}; no other view.
 */
package io.vitrine.console.storage;
