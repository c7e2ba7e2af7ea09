package io.vitrine.cluster.replica;

/**
 * Whether a partition has the replicas it is meant to have, as its leader sees it.
 *
 * @param leader whether this broker leads it; if not, the rest is 0
 * @param replicas as they are assigned
 * @param isr the confirmed ISR's size
 * @param minIsr what a produce with acks=all needs, never more than the replicas
 */
public record PartitionHealth(boolean leader, int replicas, int isr, int minIsr) {
  static final PartitionHealth ELSEWHERE = new PartitionHealth(false, 0, 0, 0);

  public boolean isUnderReplicated() {
    return leader && isr < replicas;
  }

  public boolean isUnderMinIsr() {
    return leader && isr < minIsr;
  }

  public boolean isAtMinIsr() {
    return leader && isr == minIsr;
  }
}
