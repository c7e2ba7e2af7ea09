package io.vitrine.cluster.security;

import io.vitrine.cluster.config.BrokerConfig;
import java.util.Optional;
import org.apache.kafka.common.config.types.Password;

/**
 * What a broker that gives delegation tokens goes by.
 *
 * @param secretKey signs tokens; the same on all brokers
 * @param maxLifetimeMs the longest a token can be renewed for
 * @param renewMs how long it is good unless renewed
 * @param checkIntervalMs how often the controller looks for tokens that are over
 */
public record TokenSettings(
    Password secretKey, long maxLifetimeMs, long renewMs, long checkIntervalMs) {

  /** Empty without a secret key: such a broker gives no tokens. */
  public static Optional<TokenSettings> of(BrokerConfig config) {
    Object key = config.value("delegation.token.secret.key");
    if (key == null) {
      key = config.value("delegation.token.master.key");
    }
    if (key == null || ((Password) key).value().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new TokenSettings(
            (Password) key,
            (Long) config.value("delegation.token.max.lifetime.ms"),
            (Long) config.value("delegation.token.expiry.time.ms"),
            (Long) config.value("delegation.token.expiry.check.interval.ms")));
  }
}
