package io.vitrine.cluster.controller;

import io.vitrine.cluster.event.ControllerState;

/** What the event thread can be asked to do: Kafka's events, each with the state it is done in. */
enum ControllerEvent {
  STARTUP("Startup", ControllerState.CONTROLLER_CHANGE),
  CONTROLLER_CHANGE("ControllerChange", ControllerState.CONTROLLER_CHANGE),
  /** The pause after a reign that could not begin is over. */
  REELECT("Reelect", ControllerState.CONTROLLER_CHANGE),
  EXPIRE("Expire", ControllerState.CONTROLLER_CHANGE),
  REGISTER_BROKER_AND_REELECT("RegisterBrokerAndReelect", ControllerState.CONTROLLER_CHANGE),
  BROKER_CHANGE("BrokerChange", ControllerState.BROKER_CHANGE),
  BROKER_MODIFICATIONS("BrokerModifications", ControllerState.BROKER_CHANGE),
  TOPIC_CHANGE("TopicChange", ControllerState.TOPIC_CHANGE),
  PARTITION_MODIFICATIONS("PartitionModifications", ControllerState.TOPIC_CHANGE),
  TOPIC_DELETION("TopicDeletion", ControllerState.TOPIC_DELETION),
  TOPIC_DELETION_STOP_REPLICA_RESPONSE_RECEIVED(
      "TopicDeletionStopReplicaResponseReceived", ControllerState.TOPIC_DELETION),
  ZK_PARTITION_REASSIGNMENT(
      "ZkPartitionReassignment", ControllerState.ALTER_PARTITION_REASSIGNMENT),
  API_PARTITION_REASSIGNMENT(
      "ApiPartitionReassignment", ControllerState.ALTER_PARTITION_REASSIGNMENT),
  PARTITION_REASSIGNMENT_ISR_CHANGE(
      "PartitionReassignmentIsrChange", ControllerState.ALTER_PARTITION_REASSIGNMENT),
  LIST_PARTITION_REASSIGNMENTS(
      "ListPartitionReassignments", ControllerState.LIST_PARTITION_REASSIGNMENT),
  AUTO_PREFERRED_REPLICA_LEADER_ELECTION(
      "AutoPreferredReplicaLeaderElection", ControllerState.AUTO_LEADER_BALANCE),
  REPLICA_LEADER_ELECTION("ReplicaLeaderElection", ControllerState.MANUAL_LEADER_BALANCE),
  CONTROLLED_SHUTDOWN("ControlledShutdown", ControllerState.CONTROLLED_SHUTDOWN),
  ALTER_PARTITION_RECEIVED("AlterPartitionReceived", ControllerState.ISR_CHANGE),
  ALLOCATE_PRODUCER_IDS("AllocateProducerIds", ControllerState.IDLE),
  ISR_CHANGE_NOTIFICATION("IsrChangeNotification", ControllerState.ISR_CHANGE),
  LEADER_AND_ISR_RESPONSE_RECEIVED(
      "LeaderAndIsrResponseReceived", ControllerState.LEADER_AND_ISR_RESPONSE_RECEIVED),
  LOG_DIR_EVENT_NOTIFICATION("LogDirEventNotification", ControllerState.LOG_DIR_CHANGE),
  UNCLEAN_LEADER_ELECTION_ENABLE(
      "UncleanLeaderElectionEnable", ControllerState.UNCLEAN_LEADER_ELECTION_ENABLE),
  TOPIC_UNCLEAN_LEADER_ELECTION_ENABLE(
      "TopicUncleanLeaderElectionEnable", ControllerState.TOPIC_UNCLEAN_LEADER_ELECTION_ENABLE);

  private final String label;
  private final ControllerState state;

  ControllerEvent(String label, ControllerState state) {
    this.label = label;
    this.state = state;
  }

  /** Kafka's name of it. */
  String label() {
    return label;
  }

  ControllerState state() {
    return state;
  }
}
