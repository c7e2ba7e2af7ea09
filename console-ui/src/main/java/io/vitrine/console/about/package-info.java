/**
 * What this program is, what it is made of, and under which licences.
 *
 * <p>{@link io.vitrine.console.about.AboutView} is the door. JavaFX thread. Uses {@code control},
 * {@code live}, {@code text}.
 */
package io.vitrine.console.about;
