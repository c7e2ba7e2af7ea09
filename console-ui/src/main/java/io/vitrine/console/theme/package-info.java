/**
 * How the console looks: colour tokens for light and dark, style-class names, bundled fonts.
 *
 * <p>The tokens live in {@code light.css} and {@code dark.css} alone; {@link
 * io.vitrine.console.theme.Theme} reads them for what is drawn on a canvas, so that drawn and
 * styled parts cannot differ. Fonts are loaded once before the first scene. Uses nothing.
 */
package io.vitrine.console.theme;
