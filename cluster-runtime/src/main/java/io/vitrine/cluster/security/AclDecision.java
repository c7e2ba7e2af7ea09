package io.vitrine.cluster.security;

import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;

/** What a resource's ACLs say about one operation of one principal from one host. Pure. */
final class AclDecision {
  private static final String EVERYBODY = "User:*";
  private static final String EVERYWHERE = "*";

  private AclDecision() {}

  /**
   * A denial wins over any permission. To read, write, delete or alter includes to describe, to
   * alter settings includes to see them; denials include nothing.
   *
   * @param acls that have a say, at least one
   * @param principal as {@code Type:name}
   * @param host the client's address
   */
  static boolean allows(
      List<AccessControlEntry> acls, AclOperation operation, String principal, String host) {
    if (matches(acls, AclPermissionType.DENY, operation, principal, host)) {
      return false;
    }
    return allowing(operation).stream()
        .anyMatch(each -> matches(acls, AclPermissionType.ALLOW, each, principal, host));
  }

  private static Set<AclOperation> allowing(AclOperation operation) {
    return switch (operation) {
      case DESCRIBE ->
          Set.of(
              AclOperation.DESCRIBE,
              AclOperation.READ,
              AclOperation.WRITE,
              AclOperation.DELETE,
              AclOperation.ALTER);
      case DESCRIBE_CONFIGS -> Set.of(AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);
      default -> Set.of(operation);
    };
  }

  private static boolean matches(
      List<AccessControlEntry> acls,
      AclPermissionType permission,
      AclOperation operation,
      String principal,
      String host) {
    for (AccessControlEntry acl : acls) {
      if (acl.permissionType() == permission
          && (acl.operation() == operation || acl.operation() == AclOperation.ALL)
          && (acl.principal().equals(principal) || acl.principal().equals(EVERYBODY))
          && (acl.host().equals(host) || acl.host().equals(EVERYWHERE))) {
        return true;
      }
    }
    return false;
  }
}
