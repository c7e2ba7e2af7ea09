/**
 * Compaction: keeps the newest record of each key. {@link io.vitrine.storage.compaction.LogCleaner}
 * is the door; it chooses the dirtiest log, {@link io.vitrine.storage.compaction.Cleaner} remembers
 * the newest offset of each key of its dirty part in an {@link
 * io.vitrine.storage.compaction.OffsetMap} and writes the segments anew. Cleaning runs on the
 * cleaner's own threads; everything else may be called from any thread. Uses {@code log}, {@code
 * checkpoint} and {@code file}.
 */
package io.vitrine.storage.compaction;
