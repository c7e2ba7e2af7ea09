/**
 * The console's link to the cluster: the newest snapshot on its way to the screen, and commands on
 * their way back.
 *
 * <p>{@link io.vitrine.console.live.SnapshotFeed} is the only hop to the JavaFX thread. {@link
 * io.vitrine.console.live.Selection} says what the operator looks at, everywhere; {@link
 * io.vitrine.console.live.Desk} takes what the operator wants done. Everything but the feed's hop
 * runs on the JavaFX thread. Uses {@code cluster}.
 */
package io.vitrine.console.live;
