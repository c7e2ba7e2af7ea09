package io.vitrine.cluster.handler;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * The APIs one permission on the cluster decides about as a whole: without it they answer with
 * their own error response. Handlers of all others ask for themselves.
 */
final class ClusterPermissions {
  private static final short FIRST_BATCHED_ADD_PARTITIONS = 4;

  private static final Map<ApiKeys, AclOperation> NEEDED =
      Map.ofEntries(
          Map.entry(ApiKeys.LEADER_AND_ISR, AclOperation.CLUSTER_ACTION),
          Map.entry(ApiKeys.STOP_REPLICA, AclOperation.CLUSTER_ACTION),
          Map.entry(ApiKeys.UPDATE_METADATA, AclOperation.CLUSTER_ACTION),
          Map.entry(ApiKeys.CONTROLLED_SHUTDOWN, AclOperation.CLUSTER_ACTION),
          Map.entry(ApiKeys.ALTER_PARTITION, AclOperation.CLUSTER_ACTION),
          Map.entry(ApiKeys.ALLOCATE_PRODUCER_IDS, AclOperation.CLUSTER_ACTION),
          Map.entry(ApiKeys.ENVELOPE, AclOperation.CLUSTER_ACTION),
          Map.entry(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, AclOperation.ALTER),
          Map.entry(ApiKeys.LIST_PARTITION_REASSIGNMENTS, AclOperation.DESCRIBE),
          Map.entry(ApiKeys.ALTER_REPLICA_LOG_DIRS, AclOperation.ALTER),
          Map.entry(ApiKeys.DESCRIBE_CLIENT_QUOTAS, AclOperation.DESCRIBE_CONFIGS),
          Map.entry(ApiKeys.ALTER_CLIENT_QUOTAS, AclOperation.ALTER_CONFIGS),
          Map.entry(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, AclOperation.DESCRIBE),
          Map.entry(ApiKeys.DESCRIBE_ACLS, AclOperation.DESCRIBE),
          Map.entry(ApiKeys.CREATE_ACLS, AclOperation.ALTER),
          Map.entry(ApiKeys.DELETE_ACLS, AclOperation.ALTER));

  /** Where Kafka gives no reason. */
  private static final Set<ApiKeys> REFUSED_WITHOUT_A_WORD =
      Set.of(ApiKeys.DESCRIBE_CLIENT_QUOTAS, ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS);

  private ClusterPermissions() {}

  /** What is needed on the cluster for the whole request; empty when the handler asks itself. */
  static Optional<AclOperation> needed(ApiKeys api, short version) {
    if (api == ApiKeys.ADD_PARTITIONS_TO_TXN && version >= FIRST_BATCHED_ADD_PARTITIONS) {
      return Optional.of(AclOperation.CLUSTER_ACTION);
    }
    return Optional.ofNullable(NEEDED.get(api));
  }

  /** What one without the permission is answered. */
  static ApiException refusal(ApiKeys api) {
    return REFUSED_WITHOUT_A_WORD.contains(api)
        ? Errors.CLUSTER_AUTHORIZATION_FAILED.exception()
        : new ClusterAuthorizationException("Request " + api + " is not authorized.");
  }
}
