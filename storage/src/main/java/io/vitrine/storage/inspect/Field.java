package io.vitrine.storage.inspect;

/**
 * One field and the bytes it stands in.
 *
 * @param from the first byte, counted from the start of the file, or of the decompressed records
 * @param to the byte after the last one
 * @param value in words
 */
public record Field(String name, long from, long to, String value) {}
