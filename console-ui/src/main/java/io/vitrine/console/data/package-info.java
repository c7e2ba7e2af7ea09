/**
 * The Data view: records read, followed, searched and compacted before one's eyes, taken apart,
 * exported; and records written by hand, many at once or from a file.
 *
 * <p>{@link io.vitrine.console.data.ReadModel}, {@link io.vitrine.console.data.ReadForm} and {@link
 * io.vitrine.console.data.WriteForm} work out what is read, shown and written and know no toolkit;
 * {@link io.vitrine.console.data.DataView} draws. Records come and go through the cluster's {@link
 * io.vitrine.cluster.data.DataAccess}, on its threads; they are decoded there or in the background,
 * never on the JavaFX thread. Uses {@code control}, {@code live}, {@code text}, {@code theme}; no
 * other view.
 */
package io.vitrine.console.data;
