package io.vitrine.protocol.security;

import java.util.List;
import org.apache.kafka.common.security.authenticator.CredentialCache;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.token.delegation.internals.DelegationTokenCache;

/**
 * What SCRAM clients are checked against: users' credentials and delegation tokens. One a broker,
 * kept up to date by whoever reads them from ZooKeeper. Thread-safe.
 */
public final class Credentials {
  private static final List<String> MECHANISMS = List.copyOf(ScramMechanism.mechanismNames());

  private final CredentialCache users = new CredentialCache();
  private final DelegationTokenCache tokens = new DelegationTokenCache(MECHANISMS);

  public Credentials() {
    ScramCredentialUtils.createCache(users, MECHANISMS);
  }

  /** The credentials of one SCRAM mechanism, by user. */
  public CredentialCache.Cache<ScramCredential> users(String mechanism) {
    return users.cache(mechanism, ScramCredential.class);
  }

  /** All delegation tokens. */
  public DelegationTokenCache tokens() {
    return tokens;
  }
}
