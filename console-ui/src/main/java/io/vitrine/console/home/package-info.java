/**
 * Where one begins: what runs and how clients reach it, other clusters, folders with logs.
 *
 * <p>{@link io.vitrine.console.home.HomeView} is the door; {@link
 * io.vitrine.console.home.Connections} is how it asks for another cluster. JavaFX thread. Uses
 * {@code live} and {@code text}.
 */
package io.vitrine.console.home;
