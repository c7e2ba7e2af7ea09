/**
 * Reusable controls that know nothing of clusters: drawings on a canvas, meters, sheets, the
 * palette.
 *
 * <p>Each takes plain values and a {@link io.vitrine.console.theme.Theme}; JavaFX thread only. Uses
 * {@code text} and {@code theme}.
 */
package io.vitrine.console.control;
