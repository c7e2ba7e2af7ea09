package io.vitrine.cluster.group;

import io.vitrine.storage.log.VerificationGuard;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The transaction offsets are committed in.
 *
 * @param guards with which it may begin in the group's partition, once it is verified
 */
record Transactional(
    long producerId, short producerEpoch, Map<TopicPartition, VerificationGuard> guards) {}
