/**
 * The Replica lanes view: one partition, a lane a replica, on one ruler of offsets.
 *
 * <p>{@link io.vitrine.console.lane.LanePage} is made of a snapshot and knows no toolkit; {@link
 * io.vitrine.console.lane.LaneView} draws it. JavaFX thread. Uses {@code control}, {@code live},
 * {@code text}, {@code theme}; no other view.
 */
package io.vitrine.console.lane;
