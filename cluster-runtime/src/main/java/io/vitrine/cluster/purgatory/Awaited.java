package io.vitrine.cluster.purgatory;

/**
 * One thing an operation waits for.
 *
 * @param what what must come so far, such as a partition
 * @param reached how far it is; negative when that is not known
 * @param required how far it must come
 */
public record Awaited(String what, long reached, long required) {}
