package io.vitrine.cluster.quota;

/** What is limited; with Kafka's names of the settings and of the metrics. */
public enum QuotaType {
  /** Bytes a second of produce requests. */
  PRODUCE("Produce", "producer_byte_rate", "byte-rate"),

  /** Bytes a second of answers to fetches of consumers. */
  FETCH("Fetch", "consumer_byte_rate", "byte-rate"),

  /** Time of I/O and network threads, in percent of one thread. */
  REQUEST("Request", "request_percentage", "request-time"),

  /** Partitions created and deleted a second. */
  CONTROLLER_MUTATION("ControllerMutation", "controller_mutation_rate", "tokens");

  private final String group;
  private final String setting;
  private final String metric;

  QuotaType(String group, String setting, String metric) {
    this.group = group;
    this.setting = setting;
    this.metric = metric;
  }

  /** The type of its metrics' names. */
  String group() {
    return group;
  }

  /** The setting in {@code /config/users} and {@code /config/clients}. */
  public String setting() {
    return setting;
  }

  /** The metric that is held against the limit. */
  String metric() {
    return metric;
  }
}
