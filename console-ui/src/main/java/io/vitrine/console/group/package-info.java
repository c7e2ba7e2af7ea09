/**
 * The Groups view: consumer groups with members, assignment, lag and the story of their rebalances;
 * and transactions with what waits for their markers.
 *
 * <p>{@link io.vitrine.console.group.GroupPage} and {@link
 * io.vitrine.console.group.TransactionPage} work out what is shown and know no toolkit; {@link
 * io.vitrine.console.group.GroupsView} draws it. JavaFX thread. Uses {@code control}, {@code live},
 * {@code text}, {@code theme}; no other view.
 */
package io.vitrine.console.group;
