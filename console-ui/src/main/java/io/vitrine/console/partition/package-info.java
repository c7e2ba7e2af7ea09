/**
 * The Partitions view: every partition in a row, with filters and what can be done with topics.
 *
 * <p>{@link io.vitrine.console.partition.PartitionViewModel} keeps the rows and their order and
 * knows no toolkit; {@link io.vitrine.console.partition.PartitionView} draws them. JavaFX thread.
 * Uses {@code control}, {@code live}, {@code text}, {@code theme}; no other view.
 */
package io.vitrine.console.partition;
