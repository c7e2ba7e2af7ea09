package io.vitrine.protocol.security;

import io.vitrine.protocol.security.SaslStep.Answer;
import io.vitrine.protocol.security.SaslStep.Complete;
import io.vitrine.protocol.security.SaslStep.Continue;
import io.vitrine.protocol.security.SaslStep.Nothing;
import io.vitrine.protocol.security.SaslStep.PassOn;
import io.vitrine.protocol.security.SaslStep.Refused;
import io.vitrine.protocol.security.SaslStep.Response;
import io.vitrine.protocol.security.SaslStep.Token;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.requests.SaslAuthenticateResponse;
import org.apache.kafka.common.requests.SaslHandshakeRequest;
import org.apache.kafka.common.requests.SaslHandshakeResponse;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.authenticator.SaslInternalConfigs;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.utils.Utils;

/**
 * A client's way to being known on a SASL listener (KIP-43, KIP-152), and again before its session
 * ends (KIP-368): ApiVersions at most once, SaslHandshake, then tokens until the mechanism is
 * content. After SaslHandshake version 0 tokens travel bare, later ones in SaslAuthenticate.
 *
 * <p>Knows no channel: frames go in, steps come out. Owned by one thread at a time. One exchange
 * serves a connection for its whole life.
 */
final class SaslExchange implements AutoCloseable {
  private static final short FIRST_FRAMED_HANDSHAKE = 1;
  private static final long MIN_REAUTHENTICATION_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private enum State {
    /** ApiVersions or SaslHandshake. */
    VERSIONS_OR_HANDSHAKE,
    /** The versions are told: SaslHandshake alone. */
    HANDSHAKE,
    TOKENS,
    /** The client has changed its mechanism: its next frame is refused, whatever it is. */
    OTHER_MECHANISM,
    COMPLETE
  }

  /** Tells the principal of a finished exchange. */
  interface Principals {
    KafkaPrincipal of(SaslServer server);
  }

  private final SaslMechanisms mechanisms;
  private final String serverName;
  private final Principals principals;
  private final SecurityClocks clocks;

  private State state = State.VERSIONS_OR_HANDSHAKE;
  private String mechanism;
  private boolean framed;
  private SaslServer server;

  /** Of the last finished exchange; null during the first. */
  private KafkaPrincipal principal;

  private boolean sessionEnds;
  private long sessionEndNanos;
  private boolean reauthenticatedBefore;
  private long lastReauthenticationNanos;

  SaslExchange(
      SaslMechanisms mechanisms, String serverName, Principals principals, SecurityClocks clocks) {
    this.mechanisms = mechanisms;
    this.serverName = serverName;
    this.principals = principals;
    this.clocks = clocks;
  }

  /** Whether requests may be served. */
  boolean complete() {
    return state == State.COMPLETE;
  }

  /** Whether the session of a complete exchange is over: nothing but a new handshake helps. */
  boolean sessionOver() {
    return sessionEnds && clocks.nanoTime().getAsLong() - sessionEndNanos > 0;
  }

  /**
   * Begins again with a SaslHandshake of an authenticated client. False when its session does not
   * end, or the last time was less than a second ago: then the request is one like others.
   */
  boolean reauthenticate() {
    long now = clocks.nanoTime().getAsLong();
    if (!sessionEnds
        || (reauthenticatedBefore
            && now - lastReauthenticationNanos < MIN_REAUTHENTICATION_INTERVAL_NANOS)) {
      return false;
    }
    reauthenticatedBefore = true;
    lastReauthenticationNanos = now;
    state = State.HANDSHAKE;
    return true;
  }

  /**
   * Takes the client's next frame.
   *
   * @throws RuntimeException when the frame is no answerable request here: the connection is closed
   * @throws SaslException likewise, for a bare token the mechanism cannot read
   */
  SaslStep receive(ByteBuffer frame) throws SaslException {
    try {
      return switch (state) {
        case VERSIONS_OR_HANDSHAKE, HANDSHAKE -> greeting(frame);
        case TOKENS -> framed ? framedToken(frame) : bareToken(frame);
        case OTHER_MECHANISM ->
            throw new SaslAuthenticationException(
                "another SASL mechanism than " + mechanism + " was asked for on re-authentication");
        case COMPLETE -> throw new IllegalStateException("already authenticated");
      };
    } catch (AuthenticationException e) {
      return new Refused(new Nothing(), e.getMessage());
    }
  }

  private SaslStep greeting(ByteBuffer frame) throws SaslException {
    ByteBuffer request = frame.duplicate();
    RequestHeader header = RequestHeader.parse(request);
    if (header.apiKey() == ApiKeys.SASL_HANDSHAKE) {
      return handshake(header, (SaslHandshakeRequest) parse(header, request));
    }
    if (header.apiKey() == ApiKeys.API_VERSIONS && state == State.VERSIONS_OR_HANDSHAKE) {
      // An unknown version or an illegal client name is answered with an error, and asked again.
      if (header.apiKey().isVersionSupported(header.apiVersion())
          && ((ApiVersionsRequest) parse(header, request)).isValid()) {
        state = State.HANDSHAKE;
      }
      return new PassOn();
    }
    throw new IllegalSaslStateException(
        "Unexpected Kafka request of type " + header.apiKey() + " during SASL handshake.");
  }

  private SaslStep handshake(RequestHeader header, SaslHandshakeRequest request)
      throws SaslException {
    String asked = request.data().mechanism();
    SaslHandshakeResponseData answer =
        new SaslHandshakeResponseData().setMechanisms(mechanisms.enabled());
    if (!mechanisms.enabled().contains(asked)) {
      // Kafka tells this to strangers only: whoever is known already is closed without a word.
      return new Refused(
          principal == null
              ? new Response(
                  header,
                  new SaslHandshakeResponse(
                      answer.setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code())))
              : new Nothing(),
          "Unsupported SASL mechanism " + asked);
    }
    if (principal != null && !asked.equals(mechanism)) {
      state = State.OTHER_MECHANISM;
    } else {
      dispose();
      mechanism = asked;
      framed = header.apiVersion() >= FIRST_FRAMED_HANDSHAKE;
      server = mechanisms.open(asked, serverName);
      state = State.TOKENS;
    }
    return new Continue(new Response(header, new SaslHandshakeResponse(answer)));
  }

  private SaslStep bareToken(ByteBuffer frame) throws SaslException {
    byte[] challenge = server.evaluateResponse(Utils.toArray(frame));
    Answer answer = challenge == null ? new Nothing() : new Token(ByteBuffer.wrap(challenge));
    if (!server.isComplete()) {
      return new Continue(answer);
    }
    startSession();
    return complete(answer);
  }

  private SaslStep framedToken(ByteBuffer frame) {
    ByteBuffer rest = frame.duplicate();
    RequestHeader header = RequestHeader.parse(rest);
    AbstractRequest request = parse(header, rest);
    if (!(request instanceof SaslAuthenticateRequest authenticate)) {
      IllegalSaslStateException illegal =
          new IllegalSaslStateException(
              "Unexpected Kafka request of type "
                  + header.apiKey()
                  + " during SASL authentication.");
      AbstractResponse answer = request.getErrorResponse(illegal);
      return new Refused(
          answer == null ? new Nothing() : new Response(header, answer), illegal.getMessage());
    }
    SaslAuthenticateResponseData answer = new SaslAuthenticateResponseData();
    Response response = new Response(header, new SaslAuthenticateResponse(answer));
    try {
      byte[] challenge = server.evaluateResponse(authenticate.data().authBytes().clone());
      answer.setAuthBytes(challenge == null ? new byte[0] : challenge);
      if (!server.isComplete()) {
        return new Continue(response);
      }
      SaslStep complete = complete(response);
      answer.setSessionLifetimeMs(startSession());
      return complete;
    } catch (SaslAuthenticationException e) {
      return refused(response, answer, e.getMessage());
    } catch (SaslException e) {
      // What the mechanism says may tell whether there is such a user: it goes to the log only.
      return refused(
          response,
          answer,
          "Authentication failed during "
              + (principal == null ? "authentication" : "re-authentication")
              + " due to invalid credentials with SASL mechanism "
              + mechanism);
    }
  }

  private static Refused refused(
      Response response, SaslAuthenticateResponseData answer, String message) {
    answer.setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code()).setErrorMessage(message);
    return new Refused(response, message);
  }

  /**
   * @throws SaslAuthenticationException when the client is somebody else now
   */
  private Complete complete(Answer answer) {
    KafkaPrincipal now = principals.of(server);
    if (ScramMechanism.isScram(mechanism)
        && Boolean.parseBoolean(
            (String) server.getNegotiatedProperty(ScramLoginModule.TOKEN_AUTH_CONFIG))) {
      now.tokenAuthenticated(true);
    }
    if (principal != null && !principal.equals(now)) {
      throw new SaslAuthenticationException(
          String.format(
              "Cannot change principals during re-authentication from %s.%s: %s.%s",
              principal.getPrincipalType(),
              principal.getName(),
              now.getPrincipalType(),
              now.getName()));
    }
    principal = now;
    state = State.COMPLETE;
    return new Complete(answer, now);
  }

  /** The session lasts as long as the credential and the setting allow; 0 when it does not end. */
  private long startSession() {
    Long credentialEndMs =
        (Long)
            server.getNegotiatedProperty(
                SaslInternalConfigs.CREDENTIAL_LIFETIME_MS_SASL_NEGOTIATED_PROPERTY_KEY);
    long maxReauthMs = mechanisms.maxReauthMs(mechanism);
    sessionEnds = credentialEndMs != null || maxReauthMs > 0;
    if (!sessionEnds) {
      return 0;
    }
    long lifetimeMs =
        credentialEndMs == null
            ? maxReauthMs
            : Math.max(0, credentialEndMs - clocks.wall().millis());
    if (maxReauthMs > 0) {
      lifetimeMs = Math.min(lifetimeMs, maxReauthMs);
    }
    sessionEndNanos = clocks.nanoTime().getAsLong() + TimeUnit.MILLISECONDS.toNanos(lifetimeMs);
    return lifetimeMs;
  }

  private static AbstractRequest parse(RequestHeader header, ByteBuffer body) {
    return AbstractRequest.parseRequest(header.apiKey(), header.apiVersion(), body).request;
  }

  @Override
  public void close() {
    dispose();
  }

  private void dispose() {
    if (server != null) {
      try {
        server.dispose();
      } catch (SaslException e) {
        throw new IllegalStateException("a SASL server could not be disposed of", e);
      }
      server = null;
    }
  }
}
