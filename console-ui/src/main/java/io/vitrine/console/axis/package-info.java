/**
 * The time axis at the bottom of the window: lanes over time, and every broker's end told as a
 * story with its phases measured.
 *
 * <p>{@link io.vitrine.console.axis.AxisModel} and {@link io.vitrine.console.axis.FailoverTeller}
 * fold events and know no toolkit; {@link io.vitrine.console.axis.AxisPane} draws them. JavaFX
 * thread. Uses {@code control}, {@code live}, {@code text}, {@code theme}; no view.
 */
package io.vitrine.console.axis;
