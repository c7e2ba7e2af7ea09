package io.vitrine.cluster.handler;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.LogLevelConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * The levels of the process's loggers, shared by all brokers in it (KIP-412). Where the log is not
 * Logback's there is nothing to tell or to change. Safe from any thread.
 */
public final class BrokerLoggers {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(BrokerLoggers.class);

  /** The root's name to clients. */
  private static final String ROOT = "root";

  private final int brokerId;

  public BrokerLoggers(int brokerId) {
    this.brokerId = brokerId;
  }

  /** The level in force of each logger there is. */
  Map<String, String> levels() {
    Map<String, String> levels = new TreeMap<>();
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      for (Logger logger : context.getLoggerList()) {
        levels.put(name(logger), logger.getEffectiveLevel().toString());
      }
    }
    return levels;
  }

  /**
   * Sets levels, or gives loggers back to their parents' levels; all of it or nothing.
   *
   * @param resourceName must be this broker's id
   * @throws InvalidRequestException when the request is not for this broker or not well formed
   * @throws InvalidConfigurationException when there is no such logger or level
   */
  void change(String resourceName, Collection<AlterableConfig> changes, boolean validateOnly) {
    requireThisBroker(resourceName);
    changes.forEach(BrokerLoggers::check);
    if (validateOnly) {
      return;
    }
    for (AlterableConfig change : changes) {
      boolean set = OpType.forId(change.configOperation()) == OpType.SET;
      Level level = set ? level(change.value()) : null;
      logger(change.name()).ifPresent(logger -> logger.setLevel(level));
      LOG.warn(
          "broker={} the level of {} is now {}",
          brokerId,
          change.name(),
          set ? level : "its parent's");
    }
  }

  private void requireThisBroker(String name) {
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("Node id must be an integer, but it is: " + name);
    }
    if (id != brokerId) {
      throw new InvalidRequestException(
          "Unexpected node id. Expected " + brokerId + ", but received " + name);
    }
  }

  private static void check(AlterableConfig change) {
    OpType operation = OpType.forId(change.configOperation());
    if (operation != OpType.SET && operation != OpType.DELETE) {
      throw new InvalidRequestException(
          (operation == null ? "Unknown operation type " + change.configOperation() : operation)
              + " operation is not allowed for the BROKER_LOGGER resource");
    }
    if (logger(change.name()).isEmpty()) {
      throw new InvalidConfigurationException("Logger " + change.name() + " does not exist!");
    }
    if (operation == OpType.DELETE && change.name().equals(ROOT)) {
      throw new InvalidRequestException(
          "Removing the log level of the " + ROOT + " logger is not allowed");
    }
    Set<String> levels = new TreeSet<>(LogLevelConfig.VALID_LOG_LEVELS);
    if (operation == OpType.SET && !levels.contains(change.value())) {
      throw new InvalidConfigurationException(
          "Cannot set the log level of "
              + change.name()
              + " to "
              + change.value()
              + " as it is not a supported log level. Valid log levels are "
              + String.join(", ", levels));
    }
  }

  /** Logback has no level FATAL: what would be written there is written as an error. */
  private static Level level(String name) {
    return name.equals(LogLevelConfig.FATAL_LOG_LEVEL)
        ? Level.ERROR
        : Level.toLevel(name.toUpperCase(Locale.ROOT));
  }

  private static Optional<Logger> logger(String name) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (!(factory instanceof LoggerContext context)) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        context.exists(name.equals(ROOT) ? org.slf4j.Logger.ROOT_LOGGER_NAME : name));
  }

  private static String name(Logger logger) {
    return logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName();
  }
}
