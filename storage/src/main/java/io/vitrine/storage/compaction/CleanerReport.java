package io.vitrine.storage.compaction;

/**
 * How the cleaner does, for those who watch it.
 *
 * @param mapUtilization how full the fullest offset map was in its thread's last pass, 0 to 1
 * @param keptShare of the bytes all threads read in their last passes, those they kept
 * @param longestPassMs of the threads' last passes
 * @param overdueMs by how much the oldest dirty records have outlived {@code
 *     max.compaction.lag.ms}, at the last look
 * @param dirtiestRatio of the log the last look chose, 0 when none was dirty enough
 * @param sinceLastLookMs how long ago logs were last looked at, or the cleaner was made
 * @param deadThreads threads that ended though they should not
 * @param bytesPassed read and written since the start
 */
public record CleanerReport(
    double mapUtilization,
    double keptShare,
    long longestPassMs,
    long overdueMs,
    double dirtiestRatio,
    long sinceLastLookMs,
    int deadThreads,
    long bytesPassed) {}
