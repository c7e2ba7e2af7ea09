package io.vitrine.cluster.story;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.RawConnection.Login;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData.CreatableRenewers;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData.DescribeDelegationTokenOwner;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One broker that gives delegation tokens, and users who ask for them, renew them, take them away
 * and log in with them: told is what each was answered, and what ZooKeeper then holds.
 *
 * <p>Ids and signatures are told as the number of the token, times as full hours since it was
 * given.
 */
final class DelegationTokenStory implements AutoCloseable {
  /** Alice's tokens are spoken of; dora may do so for her, eve see them, carol nothing at all. */
  private static final List<String> USERS =
      List.of("root", "alice", "bob", "carol", "dora", "eve", "frank");

  private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);
  private static final short LATEST = 3;
  private static final byte[] NOBODYS = {1, 2, 3};
  private static final Set<String> TIMES =
      Set.of("expiryTimestampMs", "maxTimestampMs", "expiryTimestamp", "maxTimestamp");
  private static final Set<String> ISSUES = Set.of("issueTimestampMs", "issueTimestamp");

  private final StoryCluster cluster;
  private final int plain;
  private final int sasl;
  private final Map<String, RawConnection> connections = new HashMap<>();
  private final Map<String, String> told = new LinkedHashMap<>();
  private final List<Given> given = new ArrayList<>();

  /** A token as it was given. */
  private record Given(String id, byte[] hmac, long issuedMs) {}

  DelegationTokenStory(Brand brand, Path directory) throws IOException {
    cluster = StoryCluster.of(brand, directory);
    int ports = FreePorts.firstOf(2);
    plain = ports;
    sasl = ports + 1;
  }

  /** What became of each step. */
  Map<String, String> tell() throws Exception {
    cluster.start(1, settings());
    USERS.forEach(
        user ->
            connections.put(
                user,
                new RawConnection(
                    "127.0.0.1:" + sasl, Optional.of(new Login(user, user + "-secret")))));
    connections.put("somebody", new RawConnection("127.0.0.1:" + plain));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + plain))) {
      admin.createAcls(permissions()).all().get();
    }
    creations();
    renewals();
    descriptions("first");
    expiries();
    logins();
    descriptions("last");
    znodes();
    return told;
  }

  // ---- what they ask -------------------------------------------------------------------------

  private void creations() throws IOException {
    for (short version = 0; version <= LATEST; version++) {
      create("alice", version, "for herself", creation(-1, "bob"));
      create("somebody", version, "who is not known", creation(-1));
      create("alice", version, "for dora", of("User", "dora", creation(-1)));
    }
    create("alice", "for as long as may be", creation(0));
    create("alice", "for longer than may be", creation(Long.MAX_VALUE));
    create("alice", "for an hour", creation(HOUR_MS));
    create("alice", "with many renewers", creation(-1, "bob", "carol", "ü/:,=* %41"));
    CreateDelegationTokenRequestData group = creation(-1, "bob");
    group.renewers().get(0).setPrincipalType("Group");
    create("alice", "renewed by a group", group);
    CreateDelegationTokenRequestData typeless = creation(-1, "bob");
    typeless.renewers().get(0).setPrincipalType("");
    create("alice", "renewed by what has no type", typeless);
    create("dora", "for alice", of("User", "alice", creation(-1, "bob")));
    create("carol", "for alice", of("User", "alice", creation(-1)));
    create("carol", "for alice, renewed by a group", of("User", "alice", group.duplicate()));
    create("root", "for a group", of("Group", "friends", creation(-1)));
    create("alice", "for nobody", of("User", "", creation(-1)));
    create("alice", "for a type without a name", of("User", null, creation(-1)));
    create("alice", "for a name without a type", of(null, "bob", creation(-1)));
  }

  private static CreateDelegationTokenRequestData creation(long maxLifetimeMs, String... renewers) {
    CreateDelegationTokenRequestData request =
        new CreateDelegationTokenRequestData().setMaxLifetimeMs(maxLifetimeMs);
    for (String renewer : renewers) {
      request
          .renewers()
          .add(new CreatableRenewers().setPrincipalType("User").setPrincipalName(renewer));
    }
    return request;
  }

  private static CreateDelegationTokenRequestData of(
      String type, String name, CreateDelegationTokenRequestData request) {
    return request.setOwnerPrincipalType(type).setOwnerPrincipalName(name);
  }

  private void create(String user, String what, CreateDelegationTokenRequestData request)
      throws IOException {
    create(user, LATEST, what, request);
  }

  private void create(
      String user, short version, String what, CreateDelegationTokenRequestData request)
      throws IOException {
    ask(user, ApiKeys.CREATE_DELEGATION_TOKEN, version, what, request);
  }

  private void renewals() throws IOException {
    for (short version = 0; version <= 2; version++) {
      for (String user : List.of("alice", "bob", "carol", "dora", "root", "somebody")) {
        renew(user, version, hmac(0), 7 * HOUR_MS);
      }
      renew("bob", version, hmac(1), -1);
      renew("alice", version, hmac(1), 1_000 * HOUR_MS);
      renew("alice", version, NOBODYS, -1);
      renew("alice", version, new byte[0], -1);
    }
    renew("alice", (short) 2, hmac(2), Long.MAX_VALUE);
    renewOver(hmac(2));
    renew("alice", (short) 2, hmac(3), 0);
    renewOver(hmac(3));
  }

  private void renew(String user, short version, byte[] hmac, long periodMs) throws IOException {
    ask(
        user,
        ApiKeys.RENEW_DELEGATION_TOKEN,
        version,
        "for " + periodMs,
        new RenewDelegationTokenRequestData().setHmac(hmac).setRenewPeriodMs(periodMs));
  }

  /** It is over in the millisecond after the one it is good until. */
  private void renewOver(byte[] hmac) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                connections
                        .get("alice")
                        .ask(
                            ApiKeys.RENEW_DELEGATION_TOKEN,
                            (short) 2,
                            new RenewDelegationTokenRequestData().setHmac(hmac).setRenewPeriodMs(0))
                        .orElseThrow()
                        .get("errorCode")
                        .asInt()
                    == Errors.DELEGATION_TOKEN_EXPIRED.code());
  }

  private void descriptions(String when) throws IOException {
    for (String user : connections.keySet().stream().sorted().toList()) {
      for (short version = 0; version <= LATEST; version++) {
        describe(user, version, when + " of all", null);
      }
      describe(user, LATEST, when + " of nobody", List.of());
      describe(user, LATEST, when + " of alice", List.of("alice"));
      describe(user, LATEST, when + " of bob", List.of("bob"));
      describe(user, LATEST, when + " of both", List.of("alice", "bob", "none"));
    }
  }

  private void describe(String user, short version, String what, List<String> owners)
      throws IOException {
    DescribeDelegationTokenRequestData request =
        new DescribeDelegationTokenRequestData().setOwners(owners == null ? null : List.of());
    if (owners != null) {
      request.setOwners(
          owners.stream()
              .map(
                  name ->
                      new DescribeDelegationTokenOwner()
                          .setPrincipalType("User")
                          .setPrincipalName(name))
              .toList());
    }
    ask(user, ApiKeys.DESCRIBE_DELEGATION_TOKEN, version, what, request);
  }

  private void expiries() throws IOException {
    for (short version = 0; version <= 2; version++) {
      for (String user : List.of("carol", "dora", "somebody", "bob", "alice")) {
        expire(user, version, hmac(0), 2 * HOUR_MS);
      }
      expire("alice", version, hmac(1), 1_000 * HOUR_MS);
      expire("alice", version, NOBODYS, -1);
    }
    expire("carol", (short) 2, hmac(2), -1);
    expire("alice", (short) 2, hmac(2), 0);
    expire("alice", (short) 2, hmac(2), HOUR_MS);
    expire("alice", (short) 2, hmac(2), -1);
    expire("alice", (short) 2, hmac(2), -1);
    renew("alice", (short) 2, hmac(2), -1);
    expire("alice", (short) 2, hmac(4), Long.MAX_VALUE);
  }

  private void expire(String user, short version, byte[] hmac, long periodMs) throws IOException {
    ask(
        user,
        ApiKeys.EXPIRE_DELEGATION_TOKEN,
        version,
        "in " + periodMs,
        new ExpireDelegationTokenRequestData().setHmac(hmac).setExpiryTimePeriodMs(periodMs));
  }

  private void ask(String user, ApiKeys api, short version, String what, ApiMessage request)
      throws IOException {
    String answer;
    try {
      Optional<JsonNode> json = connections.get(user).ask(api, version, request);
      answer =
          json.map(
                  node -> {
                    remember(node);
                    return normalised(node, 0).toString();
                  })
              .orElse("closes the connection");
    } catch (UnsupportedVersionException unspeakable) {
      return;
    }
    told.put(told.size() + " " + user + ": " + api + " v" + version + " " + what, answer);
  }

  private byte[] hmac(int number) {
    return given.get(number).hmac();
  }

  private void remember(JsonNode answer) {
    if (answer.has("tokenId") && answer.get("errorCode").asInt() == 0) {
      try {
        given.add(
            new Given(
                answer.get("tokenId").textValue(),
                answer.get("hmac").binaryValue(),
                answer.get("issueTimestampMs").asLong()));
      } catch (IOException e) {
        throw new IllegalStateException("no signature: " + answer, e);
      }
    }
  }

  // ---- what they do with them ----------------------------------------------------------------

  private void logins() {
    for (String mechanism : List.of("SCRAM-SHA-256", "SCRAM-SHA-512")) {
      Given token = given.get(1);
      String password = Base64.getEncoder().encodeToString(token.hmac());
      login("with a token", mechanism, Jaas.delegated(token.id(), password));
      login("with a guessed one", mechanism, Jaas.delegated(token.id(), "guess"));
      login("with one nobody gave", mechanism, Jaas.delegated("nobodys", password));
      login("as a user called like the token", mechanism, Jaas.scram(token.id(), password));
      Given gone = given.get(2);
      login(
          "with one that was taken away",
          mechanism,
          Jaas.delegated(gone.id(), Base64.getEncoder().encodeToString(gone.hmac())));
    }
  }

  /**
   * A call that works on being known at all, one alice may, one she may not, and what tokens are
   * not for.
   */
  private void login(String what, String mechanism, String jaas) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", "127.0.0.1:" + sasl);
    settings.put("security.protocol", "SASL_PLAINTEXT");
    settings.put("sasl.mechanism", mechanism);
    settings.put("sasl.jaas.config", jaas);
    try (Admin admin = Admin.create(settings)) {
      Map<String, Call> calls = new LinkedHashMap<>();
      calls.put("see the cluster", () -> admin.describeCluster().nodes().get().size());
      String topic = mechanism.toLowerCase(Locale.ROOT);
      calls.put(
          "make a topic",
          () -> admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get());
      calls.put("delete it", () -> admin.deleteTopics(List.of(topic)).all().get());
      calls.put("get a token", () -> admin.createDelegationToken().delegationToken().get());
      calls.put("see tokens", () -> admin.describeDelegationToken().delegationTokens().get());
      for (Map.Entry<String, Call> each : calls.entrySet()) {
        String outcome = outcome(each.getValue());
        told.put(told.size() + " " + mechanism + " " + what + ": " + each.getKey(), outcome);
        if (outcome.contains(SaslAuthenticationException.class.getName())) {
          return;
        }
      }
    }
  }

  /** One call by the admin client. */
  private interface Call {
    Object make() throws Exception;
  }

  private static String outcome(Call call) {
    try {
      return "done " + call.make();
    } catch (Exception e) {
      return e.getCause() == null ? e.toString() : e.getCause().toString();
    }
  }

  // ---- what is told of it --------------------------------------------------------------------

  private void znodes() throws InterruptedException {
    try (ZnodeTree tree = new ZnodeTree(cluster.zooKeeper())) {
      tree.dump()
          .forEach(
              (path, line) -> {
                if (path.startsWith("/delegation_token")) {
                  told.put(named(path), named(line.replaceAll("\\{.*", "")));
                }
              });
      for (String id : tree.children("/delegation_token/tokens")) {
        told.put(
            "token " + named(id),
            normalised(tree.json("/delegation_token/tokens/" + id), 0).toString());
      }
    } catch (IOException e) {
      throw new AssertionError("ZooKeeper went", e);
    }
  }

  private String named(String text) {
    String named = text;
    for (int i = 0; i < given.size(); i++) {
      named = named.replace(given.get(i).id(), "token " + i);
      named = named.replace(Base64.getEncoder().encodeToString(given.get(i).hmac()), "hmac " + i);
    }
    return named;
  }

  private JsonNode normalised(JsonNode node, long issuedMs) {
    if (node instanceof ObjectNode object) {
      long since = issuedMs;
      for (String name : ISSUES) {
        since = object.hasNonNull(name) ? object.get(name).asLong() : since;
      }
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      for (String name : object.properties().stream().map(Map.Entry::getKey).sorted().toList()) {
        JsonNode value = object.get(name);
        if (TIMES.contains(name)) {
          copy.put(name, time(value.asLong(), since));
        } else if (ISSUES.contains(name)) {
          copy.put(name, value.asLong() > 0 ? "some time" : value.asText());
        } else {
          copy.set(name, normalised(value, since));
        }
      }
      return copy;
    }
    if (node instanceof ArrayNode array) {
      List<String> items = new ArrayList<>();
      array.forEach(each -> items.add(normalised(each, issuedMs).toString()));
      ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
      items.stream().sorted().forEach(sorted::add);
      return sorted;
    }
    return node.isBinary() || node.isTextual() ? TextNode.valueOf(named(node.asText())) : node;
  }

  /** All tokens of a story are given within the same hour. */
  private String time(long ms, long issuedMs) {
    if (ms <= 0) {
      return ms == -1 ? "none" : "long ago";
    }
    long since = issuedMs > 0 ? issuedMs : given.get(0).issuedMs();
    return Math.floorDiv(ms - since, HOUR_MS) + " h";
  }

  // ---- the cluster ---------------------------------------------------------------------------

  private Map<String, String> settings() {
    Map<String, String> settings = StorySettings.withUsers(USERS, plain, sasl);
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512");
    String prefix = "listener.name.sasl_plaintext.";
    settings.put(prefix + "scram-sha-256.sasl.jaas.config", Jaas.scram("root", "root-secret"));
    settings.put(prefix + "scram-sha-512.sasl.jaas.config", Jaas.scram("root", "root-secret"));
    settings.put("connection.failed.authentication.delay.ms", "10");
    settings.put("delegation.token.secret.key", "signed, sealed");
    settings.put("delegation.token.max.lifetime.ms", Long.toString(10 * HOUR_MS + HOUR_MS / 2));
    settings.put("delegation.token.expiry.time.ms", Long.toString(5 * HOUR_MS + HOUR_MS / 2));
    return settings;
  }

  private static List<AclBinding> permissions() {
    return List.of(
        allow("dora", ResourceType.USER, "User:alice", AclOperation.CREATE_TOKENS),
        allow("dora", ResourceType.USER, "User:alice", AclOperation.DESCRIBE_TOKENS),
        allow("eve", ResourceType.DELEGATION_TOKEN, "*", AclOperation.DESCRIBE),
        allow("frank", ResourceType.USER, "User:bob", AclOperation.DESCRIBE_TOKENS),
        allow("alice", ResourceType.CLUSTER, "kafka-cluster", AclOperation.CREATE));
  }

  private static AclBinding allow(
      String user, ResourceType type, String name, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, name, PatternType.LITERAL),
        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }

  @Override
  public void close() {
    for (RawConnection connection : connections.values()) {
      try {
        connection.close();
      } catch (IOException e) {
        throw new IllegalStateException("a connection does not close", e);
      }
    }
    cluster.close();
  }
}
