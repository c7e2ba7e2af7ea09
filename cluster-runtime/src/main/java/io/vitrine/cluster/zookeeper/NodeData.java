package io.vitrine.cluster.zookeeper;

import java.nio.charset.StandardCharsets;

/** A node's bytes, never null, with its stat. */
public record NodeData(byte[] data, NodeStat stat) {
  public NodeData {
    data = data == null ? new byte[0] : data;
  }

  public String text() {
    return new String(data, StandardCharsets.UTF_8);
  }
}
