package io.vitrine.protocol.security;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCounted;
import io.vitrine.protocol.codec.MessageEncoder;
import java.nio.ByteBuffer;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import javax.security.auth.Subject;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.requests.SaslAuthenticateResponse;
import org.apache.kafka.common.requests.SaslHandshakeRequest;
import org.apache.kafka.common.requests.SaslHandshakeResponse;

/**
 * Says who this broker is before its connection to another one may be used: ApiVersions,
 * SaslHandshake, tokens in SaslAuthenticate. The handler behind hears channelActive only then, and
 * {@link SessionEnds} when the other side wants to be told again some day. Whatever goes wrong
 * closes the connection. Owned by the channel's event loop.
 */
final class SaslClientGate extends ChannelInboundHandlerAdapter {
  private static final short HANDSHAKE_VERSION = 1;
  private static final byte[] NOTHING_YET = {};

  /** Begins the exchange of one connection; may have to wait for nothing. */
  interface Opening {
    SaslClient open() throws SaslException;
  }

  private final Opening opening;
  private final Subject subject;
  private final String mechanism;
  private final String clientId;
  private int correlationId;
  private short authenticateVersion;
  private RequestHeader asked;
  private SaslClient sasl;

  SaslClientGate(Opening opening, Subject subject, String mechanism, String clientId) {
    this.opening = opening;
    this.subject = subject;
    this.mechanism = mechanism;
    this.clientId = clientId;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws SaslException {
    sasl = opening.open();
    // Version 0 is what every broker understands.
    ask(ctx, new ApiVersionsRequest.Builder().build((short) 0));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws SaslException {
    ByteBuf frame = (ByteBuf) msg;
    ByteBuffer bytes = ByteBuffer.wrap(frame.array(), 0, frame.readableBytes());
    frame.release();
    AbstractResponse response = AbstractResponse.parseResponse(bytes, asked);
    if (response instanceof ApiVersionsResponse versions) {
      handshake(ctx, versions);
    } else if (response instanceof SaslHandshakeResponse handshake) {
      if (handshake.error() != Errors.NONE) {
        throw new SaslAuthenticationException(
            mechanism + " is not accepted, but " + handshake.enabledMechanisms());
      }
      sendToken(ctx, sasl.hasInitialResponse() ? evaluate(NOTHING_YET) : NOTHING_YET);
    } else if (response instanceof SaslAuthenticateResponse answer) {
      authenticated(ctx, answer);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws SaslException {
    if (sasl != null) {
      sasl.dispose();
    }
    ctx.fireChannelInactive();
  }

  private void handshake(ChannelHandlerContext ctx, ApiVersionsResponse versions) {
    ApiVersion told = versions.apiVersion(ApiKeys.SASL_AUTHENTICATE.id);
    if (told == null) {
      throw new SaslAuthenticationException("the other side knows no SaslAuthenticate");
    }
    authenticateVersion =
        (short) Math.min(told.maxVersion(), ApiKeys.SASL_AUTHENTICATE.latestVersion());
    ask(
        ctx,
        new SaslHandshakeRequest.Builder(new SaslHandshakeRequestData().setMechanism(mechanism))
            .build(HANDSHAKE_VERSION));
  }

  private void authenticated(ChannelHandlerContext ctx, SaslAuthenticateResponse answer)
      throws SaslException {
    if (answer.error() != Errors.NONE) {
      throw new SaslAuthenticationException(
          answer.errorMessage() == null ? answer.error().message() : answer.errorMessage());
    }
    byte[] token = answer.saslAuthBytes();
    if (!sasl.isComplete()) {
      byte[] next = evaluate(token);
      if (next != null) {
        sendToken(ctx, next);
        return;
      }
    }
    if (!sasl.isComplete()) {
      throw new SaslAuthenticationException("the exchange ended without an agreement");
    }
    if (answer.sessionLifetimeMs() > 0) {
      ctx.fireUserEventTriggered(new SessionEnds(answer.sessionLifetimeMs()));
    }
    ctx.pipeline().remove(this);
    sasl.dispose();
    ctx.fireChannelActive();
  }

  private byte[] evaluate(byte[] challenge) throws SaslException {
    try {
      return Subject.doAs(
          subject, (PrivilegedExceptionAction<byte[]>) () -> sasl.evaluateChallenge(challenge));
    } catch (PrivilegedActionException e) {
      throw new SaslException("the other side's token was not accepted", e.getCause());
    }
  }

  private void sendToken(ChannelHandlerContext ctx, byte[] token) {
    ask(
        ctx,
        new SaslAuthenticateRequest.Builder(new SaslAuthenticateRequestData().setAuthBytes(token))
            .build(authenticateVersion));
  }

  private void ask(ChannelHandlerContext ctx, AbstractRequest request) {
    asked = new RequestHeader(request.apiKey(), request.version(), clientId, correlationId++);
    for (ReferenceCounted part : MessageEncoder.encode(ctx.alloc(), asked, request).parts()) {
      ctx.write(part, ctx.voidPromise());
    }
    ctx.flush();
    ctx.read();
  }
}
