package io.vitrine.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Something the operator wants done. */
public sealed interface ClusterCommand {

  /** How careful one must be. */
  enum Danger {
    /** Can be taken back without a trace. */
    REVERSIBLE,
    /** Clients notice; the cluster heals. One confirmation that states the effect first. */
    DISRUPTIVE,
    /** Data are gone. The operator types the name. */
    DESTRUCTIVE
  }

  /** The class of action, which fixes how the console asks. */
  Danger danger();

  /** What a connection must let its operator do for this. */
  default Capability needs() {
    return Capability.SUPERVISE;
  }

  /** A new topic; settings have Kafka's names. */
  record CreateTopic(
      String name, int partitions, int replicationFactor, Map<String, String> settings)
      implements ClusterCommand {
    public CreateTopic {
      settings = Map.copyOf(settings);
    }

    @Override
    public Capability needs() {
      return Capability.ADMINISTER;
    }

    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }

  /** A topic and its records, gone. */
  record DeleteTopic(String name) implements ClusterCommand {
    @Override
    public Capability needs() {
      return Capability.ADMINISTER;
    }

    @Override
    public Danger danger() {
      return Danger.DESTRUCTIVE;
    }
  }

  /** One topic setting; without a value the topic's own setting is removed. */
  record SetTopicConfig(String topic, String key, Optional<String> value)
      implements ClusterCommand {
    @Override
    public Capability needs() {
      return Capability.ADMINISTER;
    }

    @Override
    public Danger danger() {
      return key.startsWith("retention.") || key.equals("cleanup.policy")
          ? Danger.DESTRUCTIVE
          : Danger.REVERSIBLE;
    }
  }

  /** Preferred leaders for these partitions; an empty set means all. */
  record ElectPreferredLeaders(Set<TopicPartition> partitions) implements ClusterCommand {
    public ElectPreferredLeaders {
      partitions = Set.copyOf(partitions);
    }

    @Override
    public Capability needs() {
      return Capability.ADMINISTER;
    }

    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }

  /**
   * Another election of a controller: {@code /controller} is taken away, the one in office resigns,
   * and whoever creates it anew first wins.
   *
   * @param zooKeeper where ZooKeeper is reached, as in {@code zookeeper.connect}
   */
  record ElectController(String zooKeeper) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.DISRUPTIVE;
    }
  }

  /** Begins a new segment of a partition on every broker that has it; its records stay. */
  record RollSegment(TopicPartition partition) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }

  /**
   * All brokers look now, not at the next check, what retention takes and which log is to be
   * compacted.
   */
  record TendLogs() implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.DISRUPTIVE;
    }
  }

  /** Starts a broker that is not running. */
  record StartBroker(int brokerId) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }

  /** Controlled shutdown of a broker. */
  record StopBroker(int brokerId) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.DISRUPTIVE;
    }
  }

  /** A broker dies without a word: sockets dropped, session left to run out, nothing flushed. */
  record KillBroker(int brokerId) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.DISRUPTIVE;
    }
  }

  /** Controlled shutdown, then start; a dead broker is just started. */
  record RestartBroker(int brokerId) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.DISRUPTIVE;
    }
  }

  /**
   * Starts what does not run: ZooKeeper first, then the brokers side by side, on their old data.
   */
  record StartCluster() implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }

  /** Controlled shutdown of every broker, the controller last, then of ZooKeeper. */
  record StopCluster() implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.DISRUPTIVE;
    }
  }

  /** Starts all ZooKeeper servers that do not run, on their old data. */
  record StartZooKeeper() implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }

  /** Stops all ZooKeeper servers; brokers serve on, nothing is elected meanwhile. */
  record StopZooKeeper(boolean kill) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.DISRUPTIVE;
    }
  }

  /** Starts one member of the ZooKeeper ensemble on its old data. */
  record StartZooKeeperMember(int member) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }

  /**
   * Stops one member of the ZooKeeper ensemble, numbered from 1; a majority of the others serves
   * on.
   */
  record StopZooKeeperMember(int member, boolean kill) implements ClusterCommand {
    @Override
    public Danger danger() {
      return Danger.DISRUPTIVE;
    }
  }

  /** A member of the demo traffic's consumer group, numbered from 1, comes or leaves. */
  record SwitchDemoMember(int number, boolean in) implements ClusterCommand {
    @Override
    public Capability needs() {
      return Capability.TRAFFIC;
    }

    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }

  /** The demo traffic: a producer with acks=all and a consumer, real Kafka clients both. */
  record SwitchTraffic(boolean on) implements ClusterCommand {
    @Override
    public Capability needs() {
      return Capability.TRAFFIC;
    }

    @Override
    public Danger danger() {
      return Danger.REVERSIBLE;
    }
  }
}
