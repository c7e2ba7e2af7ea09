package io.vitrine.cluster.story;

import io.vitrine.cluster.oracle.FreePorts;
import io.vitrine.cluster.story.RawConnection.Login;
import io.vitrine.cluster.story.StoryBroker.Brand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * One broker with ACLs, and users who send all requests of the tables, most of which are refused.
 */
final class SecuredAnswersStory implements AutoCloseable {
  /** May do nothing, and asks everything in every version; others in the latest. */
  private static final String NOBODY = "nobody";

  /** Sets limits that slow whoever comes after. */
  private static final String LAST = "operator";

  /** What a user may do everything with. */
  private static final Map<String, ResourceType> EVERYTHING_WITH =
      Map.of(
          "topics",
          ResourceType.TOPIC,
          "groups",
          ResourceType.GROUP,
          "transactions",
          ResourceType.TRANSACTIONAL_ID,
          LAST,
          ResourceType.CLUSTER);

  private static final List<String> USERS =
      List.of(NOBODY, "topics", "groups", "transactions", LAST);

  private final StoryCluster cluster;
  private final int plain;
  private final int sasl;

  SecuredAnswersStory(Brand brand, Path directory) throws IOException {
    cluster = StoryCluster.of(brand, directory);
    plain = FreePorts.firstOf(2);
    sasl = plain + 1;
  }

  /** The answers to each user. */
  Map<String, String> tell() throws Exception {
    cluster.start(1, settings());
    String bootstrap = "127.0.0.1:" + plain;
    Map<String, String> told = new LinkedHashMap<>();
    try (AskedCluster root = new AskedCluster(bootstrap);
        Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin.createAcls(permissions()).all().get();
      Map<ApiKeys, short[]> versions = root.versions();
      root.create(bootstrap, topics());
      theCoordinatorsAreThere(root);
      root.learnTopicIds();
      for (String user : USERS) {
        Login login = new Login(user, user + "-secret");
        try (AskedCluster asked = new AskedCluster("127.0.0.1:" + sasl, login, root)) {
          Map<ApiKeys, short[]> spoken = user.equals(NOBODY) ? versions : latest(versions);
          for (RequestTable table : tables()) {
            tell(told, user, asked.ask(table.atBroker(1), spoken));
          }
          // Some of these hold what an earlier one of the same version was answered.
          tell(told, user, asked.ask(GroupRequests.all(), versions));
          tell(told, user, asked.ask(TransactionRequests.all(), versions));
        }
      }
    }
    return told;
  }

  private static void tell(Map<String, String> told, String user, Map<String, String> answers) {
    answers.forEach((request, answer) -> told.put(user + ": " + request, answer));
  }

  private static Map<ApiKeys, short[]> latest(Map<ApiKeys, short[]> versions) {
    Map<ApiKeys, short[]> latest = new TreeMap<>();
    versions.forEach((api, range) -> latest.put(api, new short[] {range[1], range[1]}));
    return latest;
  }

  private static List<RequestTable> tables() {
    return List.of(
        ProduceRequests.all(),
        FetchRequests.all(),
        LookUpRequests.all(),
        ConfigRequests.descriptions(),
        QuotaRequests.all(),
        OperatorRequests.all(),
        SecurityRequests.all());
  }

  private static List<NewTopic> topics() {
    List<NewTopic> topics = new ArrayList<>();
    Map<Integer, List<Integer>> five = new HashMap<>();
    for (int i = 0; i < 5; i++) {
      five.put(i, List.of(1));
    }
    topics.add(new NewTopic("data", five));
    for (String name :
        List.of("alone", "compacted", "small", "min2", "zstd", "appendtime", "other")) {
      topics.add(new NewTopic(name, Map.of(0, List.of(1))));
    }
    return topics;
  }

  private static void theCoordinatorsAreThere(AskedCluster root) {
    root.awaitCoordinators(CoordinatorType.GROUP, "any");
    root.awaitCoordinators(CoordinatorType.TRANSACTION, "any");
    root.awaitProducerIds("loaded");
    root.awaitGroups();
  }

  private Map<String, String> settings() {
    Map<String, String> settings = StorySettings.withUsers(USERS, plain, sasl);
    settings.putAll(StorySettings.WITHOUT_RETENTION);
    return settings;
  }

  private static List<AclBinding> permissions() {
    List<AclBinding> permissions = new ArrayList<>();
    EVERYTHING_WITH.forEach(
        (user, type) ->
            permissions.add(
                new AclBinding(
                    new ResourcePattern(
                        type,
                        type == ResourceType.CLUSTER ? "kafka-cluster" : "*",
                        PatternType.LITERAL),
                    new AccessControlEntry(
                        "User:" + user, "*", AclOperation.ALL, AclPermissionType.ALLOW))));
    return permissions;
  }

  @Override
  public void close() {
    cluster.close();
  }
}
