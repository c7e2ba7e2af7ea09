package io.vitrine.cluster.event;

/**
 * What a controller's event thread is at: Kafka's states, which its {@code ControllerState} metric
 * shows by these numbers. Source: controller design.
 */
public enum ControllerState {
  IDLE("Idle"),
  CONTROLLER_CHANGE("ControllerChange"),
  BROKER_CHANGE("BrokerChange"),
  TOPIC_CHANGE("TopicChange"),
  TOPIC_DELETION("TopicDeletion"),
  ALTER_PARTITION_REASSIGNMENT("AlterPartitionReassignment"),
  AUTO_LEADER_BALANCE("AutoLeaderBalance"),
  MANUAL_LEADER_BALANCE("ManualLeaderBalance"),
  CONTROLLED_SHUTDOWN("ControlledShutdown"),
  ISR_CHANGE("IsrChange"),
  LEADER_AND_ISR_RESPONSE_RECEIVED("LeaderAndIsrResponseReceived"),
  LOG_DIR_CHANGE("LogDirChange"),
  CONTROLLER_SHUTDOWN("ControllerShutdown"),
  UNCLEAN_LEADER_ELECTION_ENABLE("UncleanLeaderElectionEnable"),
  TOPIC_UNCLEAN_LEADER_ELECTION_ENABLE("TopicUncleanLeaderElectionEnable"),
  LIST_PARTITION_REASSIGNMENT("ListPartitionReassignment"),
  UPDATE_METADATA_RESPONSE_RECEIVED("UpdateMetadataResponseReceived"),
  UPDATE_FEATURES("UpdateFeatures");

  private final String label;

  ControllerState(String label) {
    this.label = label;
  }

  /** Kafka's name of it. */
  public String label() {
    return label;
  }

  /** The number Kafka's metric shows. */
  public int value() {
    return ordinal();
  }
}
