package io.vitrine.storage.inspect;

/**
 * An entry of one of a segment's indexes.
 *
 * @param at its first byte in the index file
 * @param key an offset, a timestamp, or a producer id
 * @param offset the last offset of what it points to
 * @param points in words, what it points to
 */
public record IndexEntry(long at, long key, long offset, String points) {}
