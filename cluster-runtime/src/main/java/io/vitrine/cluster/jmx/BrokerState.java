package io.vitrine.cluster.jmx;

/** A broker's state, with the number Kafka's metric shows. */
public enum BrokerState {
  NOT_RUNNING(0),
  STARTING(1),
  RECOVERY(2),
  RUNNING(3),
  PENDING_CONTROLLED_SHUTDOWN(6),
  SHUTTING_DOWN(7);

  private final byte value;

  BrokerState(int value) {
    this.value = (byte) value;
  }

  byte value() {
    return value;
  }
}
