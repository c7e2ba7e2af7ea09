package io.vitrine.cluster.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Answers about partitions, as the messages carry them: topic by topic. */
final class ByTopic {
  private ByTopic() {}

  /** Puts what is known of a partition into its topic's part of an answer. */
  interface Adder<T, V> {
    void add(T topic, int partition, V value);
  }

  /**
   * One part an answer for each topic, in the topics' order.
   *
   * @param newTopic makes a topic's part, without partitions
   */
  static <T, V> List<T> group(
      Map<TopicPartition, V> values, Function<String, T> newTopic, Adder<T, V> adder) {
    Map<String, T> topics = new TreeMap<>();
    values.forEach(
        (partition, value) ->
            adder.add(
                topics.computeIfAbsent(partition.topic(), newTopic), partition.partition(), value));
    return new ArrayList<>(topics.values());
  }

  /** Why a request as a whole was not answered. */
  static ApiError refusal(Throwable error) {
    Throwable cause = Failures.cause(error);
    return Errors.forException(cause) == Errors.NOT_CONTROLLER
        ? new ApiError(Errors.NOT_CONTROLLER)
        : ApiError.fromThrowable(cause);
  }
}
