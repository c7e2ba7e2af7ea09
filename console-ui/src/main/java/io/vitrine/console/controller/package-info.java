/**
 * The Controller view: who was in office in which epoch, what the event thread is at, which orders
 * brokers owe answers to, and which they refused.
 *
 * <p>{@link io.vitrine.console.controller.ControllerPage} works out what is shown and knows no
 * toolkit; {@link io.vitrine.console.controller.ControllerView} draws it. JavaFX thread. Uses
 * {@code control}, {@code live}, {@code text}, {@code theme}; no other view.
 */
package io.vitrine.console.controller;
