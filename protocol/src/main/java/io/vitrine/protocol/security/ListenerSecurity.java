package io.vitrine.protocol.security;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.vitrine.protocol.codec.FrameDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLSession;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.network.ChannelBuilders;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.auth.AuthenticationContext;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.PlaintextAuthenticationContext;
import org.apache.kafka.common.security.auth.SaslAuthenticationContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.auth.SslAuthenticationContext;
import org.apache.kafka.common.security.ssl.SslPrincipalMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener asks of those who connect. Thread-safe: stores change under {@link Tls}'s lock,
 * all else is fixed.
 */
public final class ListenerSecurity implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerSecurity.class);

  private final ListenerName listener;
  private final SecurityProtocol protocol;
  private final Map<String, ?> configs;
  private final SecurityClocks clocks;
  private final SslPrincipalMapper principalMapper;

  /** Null without TLS. */
  private final Tls tls;

  /** Null without SASL. */
  private final SaslMechanisms mechanisms;

  private final LongAdder authenticated = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /**
   * Reads the key stores and logs in to the mechanisms the protocol needs.
   *
   * @param configs the listener's own settings over the broker's, parsed, under Kafka's names
   * @param ownClientAuth whether {@code ssl.client.auth} is set for this very listener: under
   *     SASL_SSL it counts only then
   * @param betweenBrokers whether brokers use this listener among themselves
   * @throws org.apache.kafka.common.KafkaException when settings are missing or do not fit
   */
  public ListenerSecurity(
      String listenerName,
      SecurityProtocol protocol,
      Map<String, ?> configs,
      boolean ownClientAuth,
      boolean betweenBrokers,
      Credentials credentials,
      SecurityClocks clocks) {
    this.listener = new ListenerName(listenerName);
    this.protocol = protocol;
    this.configs = new HashMap<>(configs);
    this.clocks = clocks;
    Object rules = configs.get(BrokerSecurityConfigs.SSL_PRINCIPAL_MAPPING_RULES_CONFIG);
    this.principalMapper =
        SslPrincipalMapper.fromRules(
            rules == null
                ? BrokerSecurityConfigs.DEFAULT_SSL_PRINCIPAL_MAPPING_RULES
                : rules.toString());
    this.tls =
        encrypted()
            ? new Tls(
                ConnectionMode.SERVER,
                sasl() && !ownClientAuth ? "none" : null,
                betweenBrokers,
                configs)
            : null;
    this.mechanisms = sasl() ? new SaslMechanisms(listener, configs, credentials) : null;
  }

  /** A listener anybody may use. */
  public static ListenerSecurity plaintext(String listenerName) {
    return new ListenerSecurity(
        listenerName,
        SecurityProtocol.PLAINTEXT,
        Map.of(),
        false,
        false,
        new Credentials(),
        SecurityClocks.system());
  }

  public SecurityProtocol protocol() {
    return protocol;
  }

  /** Whether bytes go through TLS, so that files cannot be sent past this process. */
  public boolean encrypted() {
    return protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL;
  }

  /** Who a client is before it has said anything: everybody on a plaintext listener. */
  public KafkaPrincipal principalAtFirst(InetAddress client) {
    return protocol == SecurityProtocol.PLAINTEXT
        ? principal(new PlaintextAuthenticationContext(client, listener.value()))
        : KafkaPrincipal.ANONYMOUS;
  }

  /** Puts TLS before everything else of a new connection. On its event loop. */
  public void addTls(Channel channel) {
    if (tls != null) {
      InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
      channel
          .pipeline()
          .addLast(
              new SslHandler(tls.engine(remote.getAddress().getHostAddress(), remote.getPort())))
          .addLast(new TlsGate(this))
          .addLast(new ChunkedWriteHandler());
    }
  }

  /**
   * Puts frames, and SASL behind them, into a connection's pipeline. On its event loop.
   *
   * @param maxFrameBytes what a frame of a known client may have
   */
  public void addFrames(ChannelPipeline pipeline, int maxFrameBytes) {
    if (mechanisms == null) {
      pipeline.addLast(FrameDecoder.pooled(maxFrameBytes));
      return;
    }
    Object limit = configs.get(BrokerSecurityConfigs.SASL_SERVER_MAX_RECEIVE_SIZE_CONFIG);
    FrameDecoder frames =
        FrameDecoder.pooled(
            limit == null
                ? BrokerSecurityConfigs.DEFAULT_SASL_SERVER_MAX_RECEIVE_SIZE
                : (Integer) limit);
    pipeline.addLast(frames).addLast(new SaslGate(this, frames, maxFrameBytes));
  }

  /**
   * Checks key and trust stores without taking them; a listener without TLS takes anything.
   *
   * @throws org.apache.kafka.common.config.ConfigException when they are not accepted
   */
  public void validate(Map<String, ?> changed) {
    if (tls != null) {
      tls.validate(changed);
    }
  }

  /**
   * Takes other key and trust stores, or reads the same files again when they have changed. New
   * connections see them.
   *
   * @param changed the listener's settings after the change, parsed
   * @throws org.apache.kafka.common.KafkaException when they are not accepted: the old ones stay
   */
  public void reconfigure(Map<String, ?> changed) {
    if (tls != null) {
      tls.reconfigure(changed);
    }
  }

  /** Clients that have said who they are, re-authentications included. */
  public long authentications() {
    return authenticated.sum();
  }

  /** Clients that were refused. */
  public long failedAuthentications() {
    return refused.sum();
  }

  /** Gives logins and stores back. Connections must have ended. */
  @Override
  public void close() {
    if (mechanisms != null) {
      mechanisms.close();
    }
    if (tls != null) {
      tls.close();
    }
  }

  boolean sasl() {
    return protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL;
  }

  long failedAuthenticationDelayMs() {
    Object delay = configs.get("connection.failed.authentication.delay.ms");
    return delay == null ? 0 : (Integer) delay;
  }

  SaslExchange newExchange(Channel channel) {
    InetAddress client = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    InetAddress self = ((InetSocketAddress) channel.localAddress()).getAddress();
    return new SaslExchange(
        mechanisms,
        self.getHostAddress(),
        server ->
            principal(
                new SaslAuthenticationContext(
                    server, protocol, client, listener.value(), session(channel))),
        clocks);
  }

  private static Optional<SSLSession> session(Channel channel) {
    return Optional.ofNullable(channel.pipeline().get(SslHandler.class))
        .map(tls -> tls.engine().getSession());
  }

  /** Who the certificate of a finished TLS handshake says the client is. */
  KafkaPrincipal certified(Channel channel, SSLSession session) {
    return principal(
        new SslAuthenticationContext(
            session, ((InetSocketAddress) channel.remoteAddress()).getAddress(), listener.value()));
  }

  void authenticated() {
    authenticated.increment();
  }

  void refused(Channel channel, String reason) {
    refused.increment();
    LOG.info(
        "listener={} failed authentication with {} ({})",
        listener.value(),
        channel.remoteAddress(),
        reason);
  }

  void sessionOver(Channel channel) {
    LOG.info(
        "listener={} {} did not re-authenticate before its session ended, closing",
        listener.value(),
        channel.remoteAddress());
  }

  private KafkaPrincipal principal(AuthenticationContext context) {
    return ChannelBuilders.createPrincipalBuilder(configs, null, principalMapper).build(context);
  }
}
