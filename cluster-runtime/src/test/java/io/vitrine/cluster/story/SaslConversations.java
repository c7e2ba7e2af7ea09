package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One broker with SASL, and clients that say byte by byte what no client library would: told is
 * what came back to each of their frames, up to the one the broker closed the connection at.
 */
final class SaslConversations implements AutoCloseable {
  private static final byte[] ALICE = token("alice", "a");
  private static final byte[] BOB = token("bob", "b");
  private static final byte[] GUESS = token("alice", "guess");

  /** {@code sasl.server.max.receive.size}. */
  private static final int MOST_BYTES = 524_288;

  private final StoryCluster cluster;
  private final int port = FreePorts.firstOf(4);
  private final Map<String, String> told = new LinkedHashMap<>();

  SaslConversations(Brand brand, Path directory) throws IOException {
    cluster = StoryCluster.of(brand, directory);
  }

  /** One client's connection and what it has heard; says nothing more once it is closed. */
  private final class Talk implements AutoCloseable {
    private final String name;
    private final RawConnection connection;
    private final StringBuilder heard = new StringBuilder();
    private boolean closed;

    /**
     * @param listener 1 where sessions last, 2 where they end after a millisecond
     */
    Talk(String name, int listener) {
      this.name = name;
      this.connection = new RawConnection("127.0.0.1:" + (port + listener));
    }

    Talk say(ApiKeys api, int version, ApiMessage request) throws IOException {
      if (!closed) {
        hear(connection.ask(api, (short) version, request).map(SaslConversations::normalised));
      }
      return this;
    }

    Talk bare(byte[] frame) throws IOException {
      if (!closed) {
        hear(connection.bare(frame).map(HexFormat.of()::formatHex));
      }
      return this;
    }

    private void hear(Optional<String> answer) {
      closed = answer.isEmpty();
      heard.append(answer.orElse("closed")).append('\n');
    }

    Talk versions(int version) throws IOException {
      return say(ApiKeys.API_VERSIONS, version, new ApiVersionsRequestData());
    }

    Talk handshake(int version, String mechanism) throws IOException {
      return say(
          ApiKeys.SASL_HANDSHAKE, version, new SaslHandshakeRequestData().setMechanism(mechanism));
    }

    Talk authenticate(int version, byte[] token) throws IOException {
      return say(
          ApiKeys.SASL_AUTHENTICATE,
          version,
          new SaslAuthenticateRequestData().setAuthBytes(token));
    }

    Talk heartbeat() throws IOException {
      return say(ApiKeys.HEARTBEAT, 0, new HeartbeatRequestData().setGroupId("g").setMemberId("m"));
    }

    @Override
    public void close() throws IOException {
      told.put(name, heard.toString());
      connection.close();
    }
  }

  /** What came back to whom. */
  Map<String, String> tell() throws Exception {
    cluster.start(1, settings());
    inOrder();
    outOfOrder();
    again();
    return told;
  }

  private void inOrder() throws IOException {
    for (byte[] token : List.of(ALICE, GUESS, new byte[0], new byte[] {1, 2, 3}, other())) {
      String with = " with " + HexFormat.of().formatHex(token);
      try (Talk talk = new Talk("bare" + with, 1)) {
        talk.handshake(0, "PLAIN").bare(token).heartbeat().versions(0);
      }
      for (int version = 0; version <= 2; version++) {
        try (Talk talk = new Talk("framed " + version + with, 1)) {
          talk.handshake(1, "PLAIN").authenticate(version, token).heartbeat().versions(3);
        }
      }
    }
    for (int version = 0; version <= 4; version++) {
      try (Talk talk = new Talk("versions first " + version, 1)) {
        talk.versions(version).handshake(1, "PLAIN").authenticate(2, ALICE).heartbeat();
      }
    }
    for (String mechanism : List.of("GSSAPI", "plain", "", "SCRAM-SHA-512", "SCRAM-SHA-256")) {
      for (int version = 0; version <= 1; version++) {
        try (Talk talk = new Talk("handshake " + version + " for " + mechanism, 1)) {
          talk.handshake(version, mechanism).handshake(version, "PLAIN").heartbeat();
        }
      }
    }
  }

  /** May not be another than who authenticates. */
  private static byte[] other() {
    return "bob\0alice\0a".getBytes(StandardCharsets.UTF_8);
  }

  private void outOfOrder() throws IOException {
    try (Talk talk = new Talk("a request first", 1)) {
      talk.heartbeat();
    }
    try (Talk talk = new Talk("a token first", 1)) {
      talk.bare(ALICE);
    }
    try (Talk talk = new Talk("authenticate first", 1)) {
      talk.authenticate(2, ALICE);
    }
    try (Talk talk = new Talk("versions twice", 1)) {
      talk.versions(0).versions(0);
    }
    try (Talk talk = new Talk("handshake twice", 1)) {
      talk.handshake(1, "PLAIN").handshake(1, "PLAIN");
    }
    try (Talk talk = new Talk("versions after the handshake", 1)) {
      talk.handshake(1, "PLAIN").versions(0);
    }
    try (Talk talk = new Talk("a request after the handshake", 1)) {
      talk.handshake(1, "PLAIN").heartbeat();
    }
    try (Talk talk = new Talk("a bare token after handshake 1", 1)) {
      talk.handshake(1, "PLAIN").bare(ALICE);
    }
    try (Talk talk = new Talk("a framed token after handshake 0", 1)) {
      talk.handshake(0, "PLAIN").authenticate(2, ALICE);
    }
    try (Talk talk = new Talk("too large", 1)) {
      talk.bare(new byte[MOST_BYTES + 1]);
    }
    try (Talk talk = new Talk("nothing at all", 1)) {
      talk.bare(new byte[0]);
    }
  }

  /** Once it is known who is there. */
  private void again() throws IOException {
    try (Talk talk = known("authenticate again without a handshake")) {
      talk.authenticate(2, ALICE).heartbeat();
    }
    try (Talk talk = known("again")) {
      talk.handshake(1, "PLAIN").authenticate(2, ALICE).heartbeat();
    }
    try (Talk talk = known("again with a guess")) {
      talk.handshake(1, "PLAIN").authenticate(2, GUESS).heartbeat();
    }
    try (Talk talk = known("again as somebody else")) {
      talk.handshake(1, "PLAIN").authenticate(2, BOB).heartbeat();
    }
    try (Talk talk = known("again otherwise")) {
      talk.handshake(1, "SCRAM-SHA-256").authenticate(2, ALICE);
    }
    try (Talk talk = known("again with what is not served")) {
      talk.handshake(1, "GSSAPI").authenticate(2, ALICE);
    }
    try (Talk talk = known("a request between")) {
      talk.handshake(1, "PLAIN").heartbeat();
    }
    try (Talk talk = new Talk("again where the session lasts", 0)) {
      talk.handshake(1, "PLAIN").authenticate(2, ALICE).handshake(1, "PLAIN").heartbeat();
    }
    try (RawConnection over =
        new RawConnection(
            "127.0.0.1:" + (port + 2), Optional.of(new RawConnection.Login("alice", "a")))) {
      await("the session is over")
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  over.ask(
                          ApiKeys.HEARTBEAT,
                          (short) 0,
                          new HeartbeatRequestData().setGroupId("g").setMemberId("m"))
                      .isEmpty());
    }
  }

  private Talk known(String name) throws IOException {
    return new Talk(name, 1).handshake(1, "PLAIN").authenticate(2, ALICE);
  }

  private static String normalised(JsonNode answer) {
    // The APIs a broker serves are compared elsewhere.
    return answer.has("apiKeys")
        ? "versions, error " + answer.get("errorCode")
        : answer.toString().replaceAll("(\"sessionLifetimeMs\":)[1-9]\\d*", "$1some");
  }

  private static byte[] token(String user, String password) {
    return ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
  }

  private Map<String, String> settings() {
    StringBuilder listeners = new StringBuilder();
    List<String> names = List.of("LONG", "ENDING", "SHORT");
    for (int i = 0; i < names.size(); i++) {
      listeners.append(i == 0 ? "" : ",").append(names.get(i) + "://127.0.0.1:" + (port + i));
    }
    listeners.append(",PLAINTEXT://127.0.0.1:").append(port + 3);
    Map<String, String> settings = new HashMap<>();
    settings.put("listeners", listeners.toString());
    settings.put("advertised.listeners", listeners.toString());
    settings.put(
        "listener.security.protocol.map",
        "LONG:SASL_PLAINTEXT,ENDING:SASL_PLAINTEXT,SHORT:SASL_PLAINTEXT,PLAINTEXT:PLAINTEXT");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256");
    settings.put("connection.failed.authentication.delay.ms", "10");
    for (String name : List.of("long", "ending", "short")) {
      String prefix = "listener.name." + name + ".";
      settings.put(
          prefix + "plain.sasl.jaas.config",
          Jaas.plainUsers("alice", Map.of("alice", "a", "bob", "b")));
      settings.put(prefix + "scram-sha-256.sasl.jaas.config", Jaas.scram("alice", "a"));
    }
    settings.put("listener.name.ending.connections.max.reauth.ms", "3600000");
    settings.put("listener.name.short.connections.max.reauth.ms", "1");
    return settings;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
