package io.vitrine.cluster.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.vitrine.protocol.security.Authenticated;
import io.vitrine.protocol.security.Credentials;
import io.vitrine.protocol.security.ListenerSecurity;
import io.vitrine.protocol.security.SecurityClocks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.internals.BrokerSecurityConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

/**
 * A SASL listener's pipeline: frames as they come, or tokens within a well-formed exchange of each
 * mechanism. Nobody is let in without the password, and nothing is held when the connection ends.
 */
final class SaslTarget implements FuzzTarget {
  private static final List<String> MECHANISMS =
      List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER");

  /** Tokens of OAUTHBEARER are unsecured here: anybody can write them. */
  private static final int UNPROVEN = 3;

  /** Whatever the frames themselves ask for. */
  private static final int UNKNOWN = 4;

  private static final String PASSWORD = "Fz-9x";
  private static final int MAX_FRAME_BYTES = 1 << 20;

  private final ListenerSecurity security;

  SaslTarget() {
    Map<String, Object> configs = new HashMap<>();
    configs.put(BrokerSecurityConfigs.SASL_ENABLED_MECHANISMS_CONFIG, MECHANISMS);
    configs.put(BrokerSecurityConfigs.CONNECTIONS_MAX_REAUTH_MS_CONFIG, 1_000L);
    configs.put(
        "plain.sasl.jaas.config",
        new Password(
            "org.apache.kafka.common.security.plain.PlainLoginModule required user_a=\""
                + PASSWORD
                + "\";"));
    for (String scram : List.of("scram-sha-256", "scram-sha-512")) {
      configs.put(
          scram + ".sasl.jaas.config",
          new Password(
              "org.apache.kafka.common.security.scram.ScramLoginModule required"
                  + " username=\"a\" password=\"b\";"));
    }
    configs.put(
        "oauthbearer.sasl.jaas.config",
        new Password(
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                + " unsecuredLoginStringClaim_sub=\"a\";"));
    Credentials credentials = new Credentials();
    for (ScramMechanism each : ScramMechanism.values()) {
      try {
        credentials
            .users(each.mechanismName())
            .put("a", new ScramFormatter(each).generateCredential(PASSWORD, 4096));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
    InstantSource wall = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L));
    security =
        new ListenerSecurity(
            "SASL",
            SecurityProtocol.SASL_PLAINTEXT,
            configs,
            false,
            false,
            credentials,
            new SecurityClocks(wall, () -> 0));
  }

  @Override
  public List<byte[]> seeds() {
    byte[] oauth =
        ("n,,\u0001auth=Bearer "
                + base64("{\"alg\":\"none\"}")
                + "."
                + base64("{\"sub\":\"a\",\"iat\":1700000000,\"exp\":1700003600,\"scope\":[\"s\"]}")
                + ".\u0001\u0001")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] plain = ("\0a\0" + PASSWORD).getBytes(StandardCharsets.US_ASCII);
    byte[] scram = "n,,n=a,r=abc".getBytes(StandardCharsets.US_ASCII);
    byte[] last = "c=biws,r=abcdef,p=AAAA".getBytes(StandardCharsets.US_ASCII);
    byte[] longName = ("n,,n=" + "a".repeat(30_000) + ",r=abc").getBytes(StandardCharsets.US_ASCII);
    byte[] unendingName =
        ("n,,n=" + "a".repeat(2_200) + "\u0001\0").getBytes(StandardCharsets.US_ASCII);
    byte[] longToken =
        ("n,a=" + "a".repeat(30_000) + ",\u0001auth=Bearer " + "a".repeat(30_000) + "\u0001\u0001")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] versions = request(ApiKeys.API_VERSIONS, new ApiVersionsRequestData(), 0);
    byte[] handshake =
        request(ApiKeys.SASL_HANDSHAKE, new SaslHandshakeRequestData().setMechanism("PLAIN"), 1);
    return List.of(
        Input.of(Input.joined(Input.pieceOf(versions), Input.pieceOf(handshake)), 0),
        Input.of(Input.pieceOf(plain), 1, 0),
        Input.of(Input.pieceOf(plain), 2, 0),
        Input.of(Input.joined(Input.pieceOf(scram), Input.pieceOf(last)), 1, 1),
        Input.of(Input.joined(Input.pieceOf(scram), Input.pieceOf(last)), 2, 2),
        Input.of(Input.pieceOf(longName), 1, 1),
        Input.of(Input.pieceOf(unendingName), 1, 1),
        Input.of(Input.pieceOf(oauth), 1, 3),
        Input.of(Input.pieceOf(longToken), 1, 3));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    int manner = input.choice(3);
    UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);
    Told told = new Told();
    int mechanism = UNKNOWN;
    EmbeddedChannel channel = connected(alloc, told);
    if (manner > 0) {
      mechanism = input.choice(MECHANISMS.size());
      SaslHandshakeRequestData handshake =
          new SaslHandshakeRequestData().setMechanism(MECHANISMS.get(mechanism));
      send(channel, request(ApiKeys.SASL_HANDSHAKE, handshake, manner - 1));
    }
    while (!input.isEmpty() && channel.isOpen()) {
      byte[] piece = input.piece();
      send(
          channel,
          manner == 2
              ? request(
                  ApiKeys.SASL_AUTHENTICATE,
                  new SaslAuthenticateRequestData().setAuthBytes(piece),
                  1)
              : piece);
    }
    channel.finishAndReleaseAll();
    channel.checkException();
    if (told.authenticated && mechanism < UNPROVEN) {
      if (!new String(bytes, StandardCharsets.ISO_8859_1).contains(PASSWORD)) {
        throw new AssertionError("somebody came in without the password");
      }
    }
    if (alloc.metric().usedDirectMemory() + alloc.metric().usedHeapMemory() != 0) {
      throw new AssertionError("a buffer is not released");
    }
  }

  private EmbeddedChannel connected(UnpooledByteBufAllocator alloc, Told told) {
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress localAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 9092);
          }

          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
          }
        };
    channel.config().setAutoRead(false);
    channel.config().setAllocator(alloc);
    security.addFrames(channel.pipeline(), MAX_FRAME_BYTES);
    channel.pipeline().addLast(told);
    channel.pipeline().fireChannelActive();
    channel.read();
    return channel;
  }

  private static void send(EmbeddedChannel channel, byte[] frame) {
    if (!channel.isOpen()) {
      return;
    }
    ByteBuf wire = channel.alloc().directBuffer(4 + frame.length);
    channel.writeInbound(wire.writeInt(frame.length).writeBytes(frame));
    channel.runPendingTasks();
    for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      ReferenceCountUtil.release(out);
    }
  }

  private static byte[] request(ApiKeys api, ApiMessage body, int version) {
    RequestHeader header = new RequestHeader(api, (short) version, "c", 1);
    ByteBuffer head =
        MessageUtil.toByteBuffer(header.data(), api.requestHeaderVersion((short) version));
    ByteBuffer content = MessageUtil.toByteBuffer(body, (short) version);
    byte[] frame = new byte[head.remaining() + content.remaining()];
    ByteBuffer.wrap(frame).put(head).put(content);
    return frame;
  }

  /** Where the connection would be: lets what passes go, and asks for more. */
  private static final class Told extends ChannelInboundHandlerAdapter {
    private boolean authenticated;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      ReferenceCountUtil.release(frame);
      ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      authenticated |= event instanceof Authenticated;
    }
  }
}
