package io.vitrine.cluster.zookeeper;

/** {@code /log_dir_event_notification/log_dir_event_…}: a broker lost a log directory. */
public record LogDirEventNode(int brokerId) {
  private static final int DIRECTORY_FAILED = 1;

  public byte[] encode() {
    return ZkJson.object("version", 1, "broker", brokerId, "event", DIRECTORY_FAILED);
  }

  public static LogDirEventNode decode(byte[] data) {
    return new LogDirEventNode(ZkJson.parse(ZkPaths.LOG_DIR_EVENTS, data).path("broker").asInt(-1));
  }
}
