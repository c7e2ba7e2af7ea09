package io.vitrine.protocol.security;

import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.LoginException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.authenticator.DefaultLogin;
import org.apache.kafka.common.security.authenticator.LoginManager;
import org.apache.kafka.common.security.authenticator.SaslServerCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler;
import org.apache.kafka.common.security.plain.internals.PlainSaslServer;
import org.apache.kafka.common.security.plain.internals.PlainServerCallbackHandler;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramServerCallbackHandler;
import org.apache.kafka.common.utils.Utils;

/**
 * The mechanisms a SASL listener has enabled, each with its login, its callback handler and its
 * longest session. Immutable; any thread.
 */
final class SaslMechanisms implements AutoCloseable {
  private static final String PROTOCOL = "kafka";

  private final Map<String, ?> configs;
  private final List<String> enabled;
  private final Map<String, AuthenticateCallbackHandler> callbacks = new HashMap<>();
  private final Map<String, LoginManager> logins = new HashMap<>();

  /**
   * Logs in to every mechanism.
   *
   * @throws ConfigException when a mechanism is not served or its settings are missing
   */
  @SuppressWarnings("unchecked")
  SaslMechanisms(ListenerName listener, Map<String, ?> configs, Credentials credentials) {
    this.configs = configs;
    this.enabled =
        List.copyOf(
            new LinkedHashSet<>(
                (List<String>) configs.get(BrokerSecurityConfigs.SASL_ENABLED_MECHANISMS_CONFIG)));
    try {
      for (String mechanism : enabled) {
        login(listener, mechanism, credentials);
      }
    } catch (LoginException e) {
      close();
      throw new ConfigException(
          "Listener " + listener.value() + " cannot log in to " + enabled + ": " + e.getMessage());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void login(ListenerName listener, String mechanism, Credentials credentials)
      throws LoginException {
    if (mechanism.equals(SaslConfigs.GSSAPI_MECHANISM)) {
      throw new ConfigException(
          BrokerSecurityConfigs.SASL_ENABLED_MECHANISMS_CONFIG,
          enabled,
          "GSSAPI is not served: name PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER");
    }
    JaasContext jaas = JaasContext.loadServerContext(listener, mechanism, configs);
    AuthenticateCallbackHandler handler = callbackHandler(mechanism, credentials);
    callbacks.put(mechanism, handler);
    handler.configure(configs, mechanism, jaas.configurationEntries());
    logins.put(
        mechanism, LoginManager.acquireLoginManager(jaas, mechanism, DefaultLogin.class, configs));
  }

  private AuthenticateCallbackHandler callbackHandler(String mechanism, Credentials credentials) {
    Object configured =
        configs.get(
            ListenerName.saslMechanismPrefix(mechanism)
                + BrokerSecurityConfigs.SASL_SERVER_CALLBACK_HANDLER_CLASS_CONFIG);
    if (configured != null) {
      return Utils.newInstance(
          ((Class<?>) configured).asSubclass(AuthenticateCallbackHandler.class));
    }
    if (mechanism.equals(PlainSaslServer.PLAIN_MECHANISM)) {
      return new PlainServerCallbackHandler();
    }
    if (ScramMechanism.isScram(mechanism)) {
      return new ScramServerCallbackHandler(credentials.users(mechanism), credentials.tokens());
    }
    if (mechanism.equals(OAuthBearerLoginModule.OAUTHBEARER_MECHANISM)) {
      return new OAuthBearerUnsecuredValidatorCallbackHandler();
    }
    return new SaslServerCallbackHandler();
  }

  List<String> enabled() {
    return enabled;
  }

  /**
   * Begins an exchange.
   *
   * @param serverName this server's host name
   * @throws SaslException when no provider knows the mechanism
   */
  SaslServer open(String mechanism, String serverName) throws SaslException {
    SaslServer server;
    try {
      server =
          Subject.doAs(
              logins.get(mechanism).subject(),
              (PrivilegedExceptionAction<SaslServer>)
                  () ->
                      Sasl.createSaslServer(
                          mechanism, PROTOCOL, serverName, configs, callbacks.get(mechanism)));
    } catch (PrivilegedActionException e) {
      throw new SaslException("no exchange of " + mechanism + " could be begun", e.getCause());
    }
    if (server == null) {
      throw new SaslException("nothing here speaks " + mechanism);
    }
    return server;
  }

  /** {@code connections.max.reauth.ms} of a mechanism; 0 when sessions do not end by it. */
  long maxReauthMs(String mechanism) {
    Object own =
        configs.get(
            ListenerName.saslMechanismPrefix(mechanism)
                + BrokerSecurityConfigs.CONNECTIONS_MAX_REAUTH_MS_CONFIG);
    Object value =
        own == null ? configs.get(BrokerSecurityConfigs.CONNECTIONS_MAX_REAUTH_MS_CONFIG) : own;
    return value == null ? 0 : Math.max(0, (Long) value);
  }

  @Override
  public void close() {
    List<LoginManager> open = new ArrayList<>(logins.values());
    logins.clear();
    open.forEach(LoginManager::release);
    callbacks.values().forEach(AuthenticateCallbackHandler::close);
    callbacks.clear();
  }
}
