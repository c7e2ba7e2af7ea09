package io.vitrine.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.NotControllerException;

/**
 * Carries topic and leader commands out with Kafka's own admin client, as any tool would.
 *
 * <p>Owns the client, made with the first command. Waits for nothing; the futures complete on the
 * client's thread.
 */
final class Administration implements AutoCloseable {
  private static final int TIMEOUT_MS = 15_000;
  private static final int ELECTION_TRIES = 5;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Supplier<String> bootstrap;
  private Admin admin;

  Administration(Supplier<String> bootstrap) {
    this.bootstrap = bootstrap;
  }

  /** Sends a command of topics, settings or leaders. */
  CompletableFuture<Void> carryOut(ClusterCommand command) {
    if (command instanceof ClusterCommand.CreateTopic c) {
      NewTopic topic =
          new NewTopic(
                  c.name(), Optional.of(c.partitions()), Optional.of((short) c.replicationFactor()))
              .configs(c.settings());
      return future(admin().createTopics(List.of(topic)).all());
    }
    if (command instanceof ClusterCommand.DeleteTopic c) {
      return future(admin().deleteTopics(List.of(c.name())).all());
    }
    if (command instanceof ClusterCommand.SetTopicConfig c) {
      return future(
          admin()
              .incrementalAlterConfigs(
                  Map.of(
                      new ConfigResource(ConfigResource.Type.TOPIC, c.topic()),
                      List.of(operation(c))))
              .all());
    }
    if (command instanceof ClusterCommand.ElectPreferredLeaders c) {
      return elect(c, ELECTION_TRIES);
    }
    throw new IllegalArgumentException(command + " is not for the admin client");
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(CLOSE_TIMEOUT);
      admin = null;
    }
  }

  private static AlterConfigOp operation(ClusterCommand.SetTopicConfig command) {
    return new AlterConfigOp(
        new ConfigEntry(command.key(), command.value().orElse(null)),
        command.value().isPresent() ? AlterConfigOp.OpType.SET : AlterConfigOp.OpType.DELETE);
  }

  /**
   * Elects, and asks again when the controller moved: the admin client looks it up anew for every
   * call but this one.
   */
  private CompletableFuture<Void> elect(ClusterCommand.ElectPreferredLeaders command, int tries) {
    return electOnce(command)
        .exceptionallyCompose(
            failure -> {
              if (tries > 1 && causedBy(failure, NotControllerException.class)) {
                close();
                return elect(command, tries - 1);
              }
              return CompletableFuture.failedFuture(failure);
            });
  }

  private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Partitions led by their preferred leaders already are no failure. */
  private CompletableFuture<Void> electOnce(ClusterCommand.ElectPreferredLeaders command) {
    return future(
            admin()
                .electLeaders(
                    ElectionType.PREFERRED,
                    command.partitions().isEmpty() ? null : command.partitions())
                .partitions())
        .thenAccept(
            results -> {
              for (Map.Entry<TopicPartition, Optional<Throwable>> result : results.entrySet()) {
                result
                    .getValue()
                    .filter(e -> !(e instanceof ElectionNotNeededException))
                    .ifPresent(
                        e -> {
                          throw new CommandRefusedException(
                              "No preferred leader for " + result.getKey() + ": " + explained(e),
                              e);
                        });
              }
            });
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                  bootstrap.get(),
                  AdminClientConfig.CLIENT_ID_CONFIG,
                  "console",
                  AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  TIMEOUT_MS,
                  AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                  TIMEOUT_MS,
                  AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                  200));
    }
    return admin;
  }

  private static <T> CompletableFuture<T> future(KafkaFuture<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .handle(
            (value, failure) -> {
              if (failure != null) {
                throw new CommandRefusedException(explained(failure), failure);
              }
              return value;
            });
  }

  private static String explained(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.getClass().getSimpleName().replace("Exception", "") + ": " + cause.getMessage();
  }
}
