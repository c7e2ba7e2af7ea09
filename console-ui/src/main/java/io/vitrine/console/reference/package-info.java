/**
 * Words and settings to look up: what a term means, in both languages, and what a setting of
 * Kafka's does and which topics say otherwise.
 *
 * <p>{@link io.vitrine.console.reference.ReferenceView} is the door; {@link
 * io.vitrine.console.reference.ReferenceEntries} puts the same into the palette. JavaFX thread.
 * Uses {@code control}, {@code live}, {@code text} and the cluster's list of known settings.
 */
package io.vitrine.console.reference;
