/**
 * The sparse indexes beside a segment: offset to position and timestamp to offset, in Kafka's own
 * bytes. Uses {@code file}; the owner's lock guards writes, reads are lock-free.
 */
package io.vitrine.storage.index;
