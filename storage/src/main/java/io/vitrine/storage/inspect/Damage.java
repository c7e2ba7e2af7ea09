package io.vitrine.storage.inspect;

import java.nio.file.Path;

/**
 * Something that is wrong with a file.
 *
 * @param position of the first byte that is wrong
 * @param reason in words
 */
public record Damage(Path file, long position, String reason) {}
