package io.vitrine.cluster.jmx;

import io.vitrine.cluster.metric.TopicMeters;
import io.vitrine.cluster.metric.TopicMeters.Count;
import io.vitrine.cluster.replica.Traffic;

/** Counts what passes in the meters of topics, and what goes wrong beside them. */
record TopicTraffic(TopicMeters meters, ReplicaTroubles troubles) implements Traffic {
  @Override
  public void produceAsked(String topic) {
    meters.mark(topic, Count.PRODUCE_REQUESTS, 1);
  }

  @Override
  public void produceFailed(String topic) {
    meters.mark(topic, Count.FAILED_PRODUCE_REQUESTS, 1);
  }

  @Override
  public void appended(String topic, long records, long bytes) {
    meters.mark(topic, Count.BYTES_IN, bytes);
    meters.mark(topic, Count.MESSAGES_IN, records);
  }

  @Override
  public void rejected(String topic, long bytes) {
    meters.mark(topic, Count.BYTES_REJECTED, bytes);
  }

  @Override
  public void convertedIn(String topic, long records) {
    meters.mark(topic, Count.PRODUCE_CONVERSIONS, records);
  }

  @Override
  public void convertedOut(String topic, long records) {
    meters.mark(topic, Count.FETCH_CONVERSIONS, records);
  }

  @Override
  public void replicated(String topic, long bytes) {
    meters.mark(topic, Count.REPLICATION_BYTES_IN, bytes);
  }

  @Override
  public void fetchAsked(String topic, int partitions) {
    meters.mark(topic, Count.FETCH_REQUESTS, partitions);
  }

  @Override
  public void fetchFailed(String topic) {
    meters.mark(topic, Count.FAILED_FETCH_REQUESTS, 1);
  }

  @Override
  public void fetched(String topic, long bytes, boolean toFollower) {
    meters.mark(topic, toFollower ? Count.REPLICATION_BYTES_OUT : Count.BYTES_OUT, bytes);
  }

  @Override
  public void reassignedIn(long bytes) {
    meters.mark(Count.REASSIGNMENT_BYTES_IN, bytes);
  }

  @Override
  public void reassignedOut(long bytes) {
    meters.mark(Count.REASSIGNMENT_BYTES_OUT, bytes);
  }

  @Override
  public void fetchExpired(boolean ofFollower) {
    troubles.fetchExpired(ofFollower);
  }

  @Override
  public void isrChangeRefused() {
    troubles.isrChangeRefused();
  }
}
