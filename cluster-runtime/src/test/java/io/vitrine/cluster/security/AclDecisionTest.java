package io.vitrine.cluster.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.zookeeper.AclStore.Versioned;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** M52: what ACLs say, rule by rule. */
class AclDecisionTest {
  private static final String HOST = "10.0.0.1";

  private static AccessControlEntry acl(
      String principal, String host, AclOperation operation, AclPermissionType permission) {
    return new AccessControlEntry(principal, host, operation, permission);
  }

  private static AccessControlEntry allow(AclOperation operation) {
    return acl("User:a", "*", operation, AclPermissionType.ALLOW);
  }

  private static AccessControlEntry deny(AclOperation operation) {
    return acl("User:a", "*", operation, AclPermissionType.DENY);
  }

  private static boolean allows(AclOperation operation, AccessControlEntry... acls) {
    return AclDecision.allows(List.of(acls), operation, "User:a", HOST);
  }

  @ParameterizedTest
  @CsvSource({
    "User:a, *, true",
    "User:*, *, true",
    "User:a, 10.0.0.1, true",
    "User:a, 10.0.0.2, false",
    "User:b, *, false",
    "Group:a, *, false"
  })
  void principalAndHostMustMatch(String principal, String host, boolean allowed) {
    AccessControlEntry acl = acl(principal, host, AclOperation.READ, AclPermissionType.ALLOW);
    assertThat(allows(AclOperation.READ, acl)).isEqualTo(allowed);
  }

  @Test
  void aDenialWinsOverAnyPermission() {
    assertThat(allows(AclOperation.READ, allow(AclOperation.ALL), deny(AclOperation.READ)))
        .isFalse();
    assertThat(allows(AclOperation.READ, allow(AclOperation.READ), deny(AclOperation.ALL)))
        .isFalse();
    assertThat(allows(AclOperation.WRITE, allow(AclOperation.ALL), deny(AclOperation.READ)))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = AclOperation.class,
      names = {"READ", "WRITE", "DELETE", "ALTER", "DESCRIBE", "ALL"})
  void toActIncludesToSee(AclOperation operation) {
    assertThat(allows(AclOperation.DESCRIBE, allow(operation))).isTrue();
  }

  @Test
  void toSeeIncludesNothingAndADenialIncludesNothing() {
    assertThat(allows(AclOperation.READ, allow(AclOperation.DESCRIBE))).isFalse();
    assertThat(allows(AclOperation.DESCRIBE, allow(AclOperation.CREATE))).isFalse();
    assertThat(allows(AclOperation.DESCRIBE_CONFIGS, allow(AclOperation.ALTER_CONFIGS))).isTrue();
    assertThat(allows(AclOperation.DESCRIBE_CONFIGS, allow(AclOperation.ALTER))).isFalse();
    assertThat(allows(AclOperation.READ, allow(AclOperation.READ), deny(AclOperation.DESCRIBE)))
        .isTrue();
  }

  @Test
  void aNameItsBeginningsAndTheStarHaveASay() {
    Versioned one = new Versioned(Set.of(allow(AclOperation.READ)), 0);
    AclCache cache =
        new AclCache(
            Map.of(
                topic("orders", PatternType.LITERAL),
                one,
                topic("ord", PatternType.PREFIXED),
                one,
                topic("o", PatternType.PREFIXED),
                one,
                topic("orders-eu", PatternType.PREFIXED),
                one,
                topic("*", PatternType.LITERAL),
                one,
                new ResourcePattern(ResourceType.GROUP, "o", PatternType.PREFIXED),
                one));
    assertThat(cache.about(ResourceType.TOPIC, "orders")).hasSize(4);
    assertThat(cache.about(ResourceType.TOPIC, "orders-eu-1")).hasSize(4);
    assertThat(cache.about(ResourceType.TOPIC, "x")).hasSize(1);
    assertThat(cache.about(ResourceType.GROUP, "x")).isEmpty();
    assertThat(
            cache
                .with(topic("ord", PatternType.PREFIXED), Versioned.NONE)
                .about(ResourceType.TOPIC, "orders"))
        .hasSize(3);
  }

  private static ResourcePattern topic(String name, PatternType type) {
    return new ResourcePattern(ResourceType.TOPIC, name, type);
  }
}
