package io.vitrine.console.live;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.data.DataAccess;
import io.vitrine.cluster.snapshot.ZooKeeperContents;
import io.vitrine.cluster.snapshot.ZooKeeperLook;
import io.vitrine.cluster.wire.WireTrace;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a view hands in what the operator wants. The desk asks first what has to be asked, carries
 * out the command off the JavaFX thread and reports a refusal.
 *
 * <p>Called on the JavaFX thread; returns at once.
 */
public interface Desk {
  /** The operator wants this done. */
  void ask(ClusterCommand command);

  /** The operator wants to see the replicas of this partition. */
  void openLanes(TopicPartition partition);

  /** The operator wants a new topic and has yet to say which. */
  void askForTopic();

  /** The operator wants a topic to keep its records for another time and has yet to say which. */
  void askForRetention(String topic);

  /**
   * The operator wants to see this view. Does nothing when there is no view of that name.
   *
   * @param viewId as in the rail, such as {@code storage}
   */
  default void openView(String viewId) {}

  /**
   * The operator looks into ZooKeeper.
   *
   * @param found hears what it holds there, on the JavaFX thread
   * @param unknown hears why that cannot be known, likewise
   */
  void look(ZooKeeperLook at, Consumer<ZooKeeperContents> found, Consumer<String> unknown);

  /** What brokers are asked and answer; empty where that cannot be seen. */
  default Optional<WireTrace> wireTrace() {
    return Optional.empty();
  }

  /** The records of the cluster's topics. */
  DataAccess data();

  /** Whether the connection lets its operator do this. */
  boolean may(Capability capability);

  /** Something was done that is no command; the equivalent command line goes to the audit log. */
  void noted(String commandLine);

  /** Puts text on the clipboard and says so. */
  void copy(String text);
}
