package io.vitrine.cluster.zookeeper;

import java.util.List;

/** The paths Kafka uses, below the chroot. */
public final class ZkPaths {
  public static final String BROKER_IDS = "/brokers/ids";
  public static final String BROKER_SEQUENCE = "/brokers/seqid";
  public static final String TOPICS = "/brokers/topics";
  public static final String CLUSTER_ID = "/cluster/id";
  public static final String CONTROLLER = "/controller";
  public static final String CONTROLLER_EPOCH = "/controller_epoch";
  public static final String FEATURE = "/feature";
  public static final String CONFIG = "/config";
  public static final String CONFIG_CHANGES = CONFIG + "/changes";
  public static final String CONFIG_CHANGE_PREFIX = CONFIG_CHANGES + "/config_change_";
  public static final String DELETE_TOPICS = "/admin/delete_topics";
  public static final String PREFERRED_ELECTION = "/admin/preferred_replica_election";
  public static final String REASSIGN_PARTITIONS = "/admin/reassign_partitions";
  public static final String ISR_CHANGES = "/isr_change_notification";
  public static final String ISR_CHANGE_PREFIX = ISR_CHANGES + "/isr_change_";
  public static final String LOG_DIR_EVENTS = "/log_dir_event_notification";
  public static final String LOG_DIR_EVENT_PREFIX = LOG_DIR_EVENTS + "/log_dir_event_";
  public static final String PRODUCER_ID_BLOCK = "/latest_producer_id_block";

  /** What every broker makes sure of at its start, in Kafka's order. */
  static final List<String> PERSISTENT =
      List.of(
          "/consumers",
          BROKER_IDS,
          TOPICS,
          CONFIG_CHANGES,
          DELETE_TOPICS,
          BROKER_SEQUENCE,
          ISR_CHANGES,
          PRODUCER_ID_BLOCK,
          LOG_DIR_EVENTS,
          "/config/topics",
          "/config/clients",
          "/config/users",
          "/config/brokers",
          "/config/ips");

  private ZkPaths() {}

  public static String broker(int id) {
    return BROKER_IDS + "/" + id;
  }

  public static String topic(String name) {
    return TOPICS + "/" + name;
  }

  public static String partitions(String topic) {
    return topic(topic) + "/partitions";
  }

  public static String partition(String topic, int number) {
    return partitions(topic) + "/" + number;
  }

  public static String partitionState(String topic, int number) {
    return partition(topic, number) + "/state";
  }

  public static String topicConfig(String name) {
    return "/config/topics/" + name;
  }

  public static String deleteTopic(String name) {
    return DELETE_TOPICS + "/" + name;
  }
}
