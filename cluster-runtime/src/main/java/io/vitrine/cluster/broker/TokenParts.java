package io.vitrine.cluster.broker;

import io.vitrine.cluster.config.BrokerConfig;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.cluster.security.TokenSettings;
import io.vitrine.cluster.zookeeper.TokenStore;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;

/**
 * Makes what gives and checks a broker's delegation tokens, and has tokens beyond their time taken
 * away while this broker is the controller. Stateless.
 */
final class TokenParts {
  private TokenParts() {}

  /** Empty when the broker gives none. */
  static Optional<DelegationTokens> of(
      int brokerId,
      BrokerConfig config,
      BrokerSecurity security,
      ZooKeeperSession zooKeeper,
      Controller controller,
      BrokerThreads threads,
      InstantSource clock) {
    return TokenSettings.of(config)
        .map(
            how -> {
              DelegationTokens made =
                  new DelegationTokens(
                      brokerId,
                      how,
                      security.credentials().tokens(),
                      new TokenStore(zooKeeper),
                      threads.tokens(),
                      clock,
                      Uuid::randomUuid);
              expireRegularly(made, how.checkIntervalMs(), controller, threads);
              return made;
            });
  }

  private static void expireRegularly(
      DelegationTokens tokens, long intervalMs, Controller controller, BrokerThreads threads) {
    threads
        .scheduler()
        .scheduleAtFixedRate(
            () -> {
              if (controller.isActive()) {
                tokens.expireAll();
              }
            },
            intervalMs,
            intervalMs,
            TimeUnit.MILLISECONDS);
  }
}
