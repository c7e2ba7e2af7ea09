package io.vitrine.cluster.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Replicas of a topic whose copying is throttled: all of them, or a list of partition and broker.
 * Written {@code *} or {@code 0:1,0:2}.
 */
public record ThrottledReplicas(boolean all, List<Replica> replicas) {
  private static final String ALL = "*";
  private static final Pattern REPLICA = Pattern.compile("([0-9]+):([0-9]+)");

  /** Checks the setting's elements. */
  static final ConfigDef.Validator FORM =
      new ConfigDef.Validator() {
        @Override
        public void ensureValid(String name, Object value) {
          List<String> elements = trimmed((List<?>) value);
          boolean listed =
              elements.stream().allMatch(each -> each.isEmpty() || REPLICA.matcher(each).matches());
          if (!listed && !String.join("", elements).equals(ALL)) {
            throw new ConfigException(
                name,
                value,
                name
                    + " must be the literal '*' or a list of replicas in the following format:"
                    + " [partitionId]:[brokerId],[partitionId]:[brokerId],...");
          }
        }

        @Override
        public String toString() {
          return "[partitionId]:[brokerId],[partitionId]:[brokerId],...";
        }
      };

  /** One replica. */
  public record Replica(int partition, int brokerId) {}

  public ThrottledReplicas {
    replicas = List.copyOf(replicas);
  }

  /** Reads a setting that was checked. */
  static ThrottledReplicas of(List<?> value) {
    List<Replica> replicas = new ArrayList<>();
    for (String element : trimmed(value)) {
      var matcher = REPLICA.matcher(element);
      if (matcher.matches()) {
        replicas.add(
            new Replica(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))));
      }
    }
    return new ThrottledReplicas(trimmed(value).contains(ALL), replicas);
  }

  /** Numbers of the partitions whose replica on a broker is meant. */
  public Set<Integer> on(int brokerId) {
    Set<Integer> numbers = new HashSet<>();
    for (Replica replica : replicas) {
      if (replica.brokerId() == brokerId) {
        numbers.add(replica.partition());
      }
    }
    return numbers;
  }

  private static List<String> trimmed(List<?> elements) {
    return elements.stream().map(each -> each.toString().trim()).toList();
  }
}
