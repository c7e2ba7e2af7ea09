package io.vitrine.cluster.story;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A cluster a story can be told on: brokers with fixed ids on one ZooKeeper. */
interface StoryCluster extends AutoCloseable {
  /** What it is, for messages. */
  String name();

  /** {@code zookeeper.connect}. */
  String zooKeeper();

  /** Addresses of the brokers that should be up. */
  String bootstrap();

  /** Starts a broker and returns once it serves. */
  void start(int brokerId) throws Exception;

  /** SIGTERM: controlled shutdown; returns once it is gone. */
  void stop(int brokerId) throws Exception;

  /** SIGKILL; returns at once, its session still runs out. */
  void crash(int brokerId) throws Exception;

  /** The log directory of a broker, or the parent of its several. */
  Path logDirectory(int brokerId);

  /** All log directories of a broker. */
  List<Path> logDirectories(int brokerId);

  @Override
  void close() throws IOException;
}
