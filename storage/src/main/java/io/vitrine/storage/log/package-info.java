/**
 * One partition's log: segments, appends, reads, truncation and recovery. The door is {@link
 * io.vitrine.storage.log.PartitionLog}; uses every package below it.
 */
package io.vitrine.storage.log;
