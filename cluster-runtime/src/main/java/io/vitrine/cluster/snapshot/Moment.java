package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.StampedEvent;

/** When an event happened: its number, and its time by both clocks. */
record Moment(long sequence, long nanos, long wallMs) {
  static Moment of(StampedEvent event) {
    return new Moment(event.sequence(), event.nanos(), event.wallMs());
  }
}
