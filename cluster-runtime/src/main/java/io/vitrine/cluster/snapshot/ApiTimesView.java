package io.vitrine.cluster.snapshot;

/**
 * How often an API is asked, and where the time of a request goes: means in nanoseconds over the
 * newest second or so, or since the broker's start when nobody asked in that time.
 *
 * @param perSecond requests that ended, over the newest second or so
 * @param count requests that ended since the broker's start
 */
public record ApiTimesView(
    double perSecond,
    long count,
    double queueNanos,
    double localNanos,
    double remoteNanos,
    double responseQueueNanos,
    double sendNanos,
    double totalNanos) {}
