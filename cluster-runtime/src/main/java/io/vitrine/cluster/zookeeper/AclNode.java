package io.vitrine.cluster.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.utils.SecurityUtils;

/** {@code /kafka-acl/<Type>/<name>}: the ACLs of one resource or of one prefix of names. */
public record AclNode(Set<AccessControlEntry> acls) {
  private static final int VERSION = 1;

  public AclNode {
    acls = Set.copyOf(acls);
  }

  public byte[] encode() {
    List<Map<String, String>> entries = new ArrayList<>();
    for (AccessControlEntry acl : acls) {
      Map<String, String> entry = new LinkedHashMap<>();
      entry.put("principal", acl.principal());
      entry.put("permissionType", SecurityUtils.permissionTypeName(acl.permissionType()));
      entry.put("operation", SecurityUtils.operationName(acl.operation()));
      entry.put("host", acl.host());
      entries.add(entry);
    }
    return ZkJson.object("version", VERSION, "acls", entries);
  }

  /**
   * @throws IllegalArgumentException when the bytes are not what this version knows
   */
  public static AclNode decode(String path, byte[] data) {
    if (data.length == 0) {
      return new AclNode(Set.of());
    }
    JsonNode json = ZkJson.parse(path, data);
    if (json.path("version").asInt() != VERSION) {
      throw new IllegalArgumentException(path + " is of version " + json.path("version"));
    }
    Set<AccessControlEntry> acls = new HashSet<>();
    for (JsonNode entry : json.path("acls")) {
      acls.add(
          new AccessControlEntry(
              SecurityUtils.parseKafkaPrincipal(entry.path("principal").asText()).toString(),
              entry.path("host").asText(),
              SecurityUtils.operation(entry.path("operation").asText()),
              SecurityUtils.permissionType(entry.path("permissionType").asText())));
    }
    return new AclNode(acls);
  }
}
