package io.vitrine.storage.inspect;

import java.util.List;

/**
 * One record.
 *
 * @param key in words, {@code null} for none
 * @param value likewise
 * @param fields with their bytes; within a compressed batch these count in the decompressed bytes
 * @param meaning what it says, for control records and records of Kafka's own topics; else empty
 */
public record RecordView(
    long offset,
    long timestampMs,
    String key,
    String value,
    List<String> headers,
    String meaning,
    List<Field> fields) {}
