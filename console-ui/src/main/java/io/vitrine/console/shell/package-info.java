/**
 * The window around the views: rail, inspector, palette, sheets, notices, shortcuts, and the desk
 * that carries out what the operator wants.
 *
 * <p>{@link io.vitrine.console.shell.ConsoleWindow} is the door. Knows the views only as {@link
 * io.vitrine.console.live.Screen}s. JavaFX thread, except for commands, which run on an executor of
 * their own. Uses {@code control}, {@code live}, {@code text}, {@code theme}.
 */
package io.vitrine.console.shell;
