package io.vitrine.protocol.security;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.HashMap;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.login.LoginException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.Login;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.authenticator.DefaultLogin;
import org.apache.kafka.common.security.authenticator.LoginManager;
import org.apache.kafka.common.security.authenticator.SaslClientCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerRefreshingLogin;
import org.apache.kafka.common.security.oauthbearer.internals.OAuthBearerSaslClientCallbackHandler;
import org.apache.kafka.common.utils.Utils;

/**
 * How this broker makes itself known to others, after the settings of the inter-broker listener.
 * Thread-safe.
 */
public final class ClientSecurity implements AutoCloseable {
  private final Map<String, ?> configs;
  private final String mechanism;

  /** Null without TLS. */
  private final Tls tls;

  /** Both null without SASL. */
  private final LoginManager login;

  private final AuthenticateCallbackHandler callbacks;

  private ClientSecurity() {
    this.configs = Map.of();
    this.mechanism = null;
    this.tls = null;
    this.login = null;
    this.callbacks = null;
  }

  /**
   * Reads the key stores and logs in.
   *
   * @param configs the inter-broker listener's settings over the broker's, parsed
   * @throws org.apache.kafka.common.KafkaException when settings are missing or do not fit
   */
  public ClientSecurity(String listenerName, SecurityProtocol protocol, Map<String, ?> configs) {
    this.configs = new HashMap<>(configs);
    boolean encrypted = protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL;
    boolean sasl =
        protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL;
    this.tls = encrypted ? new Tls(ConnectionMode.CLIENT, null, false, configs) : null;
    if (!sasl) {
      this.mechanism = null;
      this.login = null;
      this.callbacks = null;
      return;
    }
    this.mechanism = (String) configs.get("sasl.mechanism.inter.broker.protocol");
    if (SaslConfigs.GSSAPI_MECHANISM.equals(mechanism)) {
      throw new ConfigException(
          "sasl.mechanism.inter.broker.protocol", mechanism, "GSSAPI is not served");
    }
    JaasContext jaas =
        JaasContext.loadServerContext(new ListenerName(listenerName), mechanism, configs);
    boolean oauth = mechanism.equals(OAuthBearerLoginModule.OAUTHBEARER_MECHANISM);
    this.callbacks = callbackHandler(oauth);
    callbacks.configure(configs, mechanism, jaas.configurationEntries());
    Class<? extends Login> loginClass =
        oauth ? OAuthBearerRefreshingLogin.class : DefaultLogin.class;
    try {
      this.login = LoginManager.acquireLoginManager(jaas, mechanism, loginClass, configs);
    } catch (LoginException e) {
      throw new ConfigException("Brokers cannot log in to each other: " + e.getMessage());
    }
  }

  /** Nobody asks. */
  public static ClientSecurity plaintext() {
    return new ClientSecurity();
  }

  private AuthenticateCallbackHandler callbackHandler(boolean oauth) {
    Object configured = configs.get(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS);
    if (configured != null) {
      return Utils.newInstance(
          ((Class<?>) configured).asSubclass(AuthenticateCallbackHandler.class));
    }
    return oauth ? new OAuthBearerSaslClientCallbackHandler() : new SaslClientCallbackHandler();
  }

  /** Puts TLS before everything else of a new connection. */
  public void addTls(ChannelPipeline pipeline, String host, int port) {
    if (tls != null) {
      pipeline.addLast(new SslHandler(tls.engine(host, port))).addLast(new TlsClientGate());
    }
  }

  /** Puts SASL behind the frames and before the connection's own handler. */
  public void addSasl(ChannelPipeline pipeline, String host, String clientId) {
    if (login != null) {
      Subject subject = login.subject();
      pipeline.addLast(new SaslClientGate(() -> open(subject, host), subject, mechanism, clientId));
    }
  }

  private SaslClient open(Subject subject, String host) throws SaslException {
    String[] mechanisms = {mechanism};
    try {
      SaslClient client =
          Subject.doAs(
              subject,
              (PrivilegedExceptionAction<SaslClient>)
                  () ->
                      Sasl.createSaslClient(
                          mechanisms, null, login.serviceName(), host, configs, callbacks));
      if (client == null) {
        throw new SaslException("nothing here speaks " + mechanism);
      }
      return client;
    } catch (PrivilegedActionException e) {
      throw new SaslException("no exchange of " + mechanism + " could be begun", e.getCause());
    }
  }

  /**
   * Takes other key and trust stores, or reads the same files again when they have changed.
   *
   * @throws org.apache.kafka.common.KafkaException when they are not accepted: the old ones stay
   */
  public void reconfigure(Map<String, ?> changed) {
    if (tls != null) {
      tls.reconfigure(changed);
    }
  }

  /** Gives logins and stores back. Connections must have ended. */
  @Override
  public void close() {
    if (login != null) {
      login.release();
    }
    if (callbacks != null) {
      callbacks.close();
    }
    if (tls != null) {
      tls.close();
    }
  }
}
