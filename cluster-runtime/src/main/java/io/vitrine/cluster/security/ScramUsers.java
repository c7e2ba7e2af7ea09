package io.vitrine.cluster.security;

import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.cluster.zookeeper.Waiting;
import io.vitrine.protocol.security.Credentials;
import java.util.Map;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.utils.Sanitizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes users' SCRAM credentials from {@code /config/users} to where listeners check clients
 * against them. Waits for ZooKeeper; called by the starting thread, and then by that of the config
 * changes.
 */
public final class ScramUsers {
  private static final Logger LOG = LoggerFactory.getLogger(ScramUsers.class);
  private static final String USERS = "users";

  private final ConfigStore store;
  private final Credentials credentials;

  public ScramUsers(ConfigStore store, Credentials credentials) {
    this.store = store;
    this.credentials = credentials;
  }

  /** The path of what is set for a user. */
  public static String path(String user) {
    return USERS + "/" + Sanitizer.sanitize(user);
  }

  /** Whether an entity is a user, and not one of its clients. */
  public static boolean concerns(String entityPath) {
    return entityPath.startsWith(USERS + "/") && entityPath.indexOf('/', USERS.length() + 1) < 0;
  }

  /** Takes over all users there are. */
  public void load() {
    Waiting.on(store.names(USERS)).forEach(name -> take(USERS + "/" + name));
  }

  /** Takes over what a user has now; one that has nothing any more can not log in again. */
  public void take(String entityPath) {
    String user = Sanitizer.desanitize(entityPath.substring(USERS.length() + 1));
    Map<String, String> settings = Waiting.on(store.read(entityPath));
    for (String mechanism : ScramMechanism.mechanismNames()) {
      String credential = settings.get(mechanism);
      if (credential == null) {
        credentials.users(mechanism).remove(user);
        continue;
      }
      try {
        credentials
            .users(mechanism)
            .put(user, ScramCredentialUtils.credentialFromString(credential));
      } catch (IllegalArgumentException e) {
        LOG.warn("the {} credential of {} cannot be read: {}", mechanism, user, e.getMessage());
      }
    }
  }
}
