package io.vitrine.storage.log;

import java.util.OptionalInt;

/** A record found by its timestamp, and the leader epoch of its batch. */
public record TimestampOffset(long timestamp, long offset, OptionalInt leaderEpoch) {}
