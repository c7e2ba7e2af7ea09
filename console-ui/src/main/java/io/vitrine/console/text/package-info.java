/**
 * The texts of the console in English and Korean.
 *
 * <p>{@link io.vitrine.console.text.Messages} reads one bundle a package; {@link
 * io.vitrine.console.text.Quantities} writes numbers, sizes and durations as people read them. Safe
 * from any thread. Uses nothing.
 */
package io.vitrine.console.text;
