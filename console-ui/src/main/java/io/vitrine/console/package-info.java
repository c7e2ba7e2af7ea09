/**
 * The console's beginning: builds everything by constructor and ends it in order.
 *
 * <p>{@link io.vitrine.console.Launcher} is the program's main class; {@link
 * io.vitrine.console.ConsoleApplication} runs the window on a cluster. Uses every package of this
 * module and the runtime's door.
 */
package io.vitrine.console;
