package io.vitrine.cluster.replica;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.requests.FetchRequest;

/** One partition of a fetch and what is asked of it. */
public record FetchItem(TopicIdPartition partition, FetchRequest.PartitionData asked) {}
