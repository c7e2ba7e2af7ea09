package io.vitrine.cluster.handler;

import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.Utils;

/**
 * What a client may do with a resource, as Metadata and DescribeCluster tell it: a bit for each
 * {@link AclOperation} by its code. Without an authorizer that is everything there is to do (Kafka:
 * {@code AclEntry.supportedOperations}).
 */
final class AuthorizedOperations {
  static final int TOPIC =
      bits(
          AclOperation.READ,
          AclOperation.WRITE,
          AclOperation.CREATE,
          AclOperation.DESCRIBE,
          AclOperation.DELETE,
          AclOperation.ALTER,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER_CONFIGS);

  static final int GROUP = bits(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DELETE);

  static final int CLUSTER =
      bits(
          AclOperation.CREATE,
          AclOperation.CLUSTER_ACTION,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER_CONFIGS,
          AclOperation.IDEMPOTENT_WRITE,
          AclOperation.ALTER,
          AclOperation.DESCRIBE);

  private AuthorizedOperations() {}

  private static int bits(AclOperation... operations) {
    return Utils.to32BitField(
        Set.of(operations).stream().map(AclOperation::code).collect(Collectors.toSet()));
  }
}
