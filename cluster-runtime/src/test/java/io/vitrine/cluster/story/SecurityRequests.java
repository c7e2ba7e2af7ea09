package io.vitrine.cluster.story;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * What those ask who say what others may do, and who they are. Permissions are given and taken for
 * resources whose names begin with {@code acl} alone.
 */
final class SecurityRequests {
  private static final byte ANY = 1;
  private static final byte TOPIC = 2;
  private static final byte GROUP = 3;
  private static final byte CLUSTER = 4;
  private static final byte USER = 7;
  private static final byte MATCH = 2;
  private static final byte LITERAL = 3;
  private static final byte PREFIXED = 4;
  private static final byte READ = 3;
  private static final byte ALTER_CONFIGS = 11;
  private static final byte DENY = 2;
  private static final byte ALLOW = 3;

  private static final byte[] NOT_THERE = {0, 1, 99};
  private static final int ITERATIONS = 4096;

  private SecurityRequests() {}

  static RequestTable all() {
    RequestTable table = new RequestTable();
    given(table);
    looked(table, "when they are given");
    taken(table);
    looked(table, "when they are taken");
    credentials(table);
    return table;
  }

  /** What is said on a connection that asks nobody who they are. */
  static RequestTable logins() {
    RequestTable table = new RequestTable();
    for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256", "NONE", "")) {
      table.ask(
          "wishes to log in by '" + mechanism + "'",
          ApiKeys.SASL_HANDSHAKE,
          (asked, version) -> new SaslHandshakeRequestData().setMechanism(mechanism));
    }
    for (String token : List.of("", "\0user\0password", "n,,n=user,r=nonce")) {
      table.ask(
          "logs in with " + token.length() + " bytes",
          ApiKeys.SASL_AUTHENTICATE,
          (asked, version) ->
              new SaslAuthenticateRequestData()
                  .setAuthBytes(token.getBytes(StandardCharsets.UTF_8)));
    }
    return table;
  }

  // ---- ACLs ----------------------------------------------------------------------------------

  private static void given(RequestTable table) {
    create(table, "a literal one", acl());
    create(table, "it again", acl());
    create(table, "a prefixed one", acl().setResourcePatternType(PREFIXED));
    create(table, "a denial", acl().setPermissionType(DENY));
    create(table, "for a group", acl().setResourceType(GROUP));
    create(table, "for a user", acl().setResourceType(USER));
    create(table, "for a cluster of another name", acl().setResourceType(CLUSTER));
    create(table, "for every topic", acl().setResourceName("*").setPrincipal("User:acl"));
    create(table, "for an operation topics do not know", acl().setOperation((byte) 12));
    create(table, "for another type of principal", acl().setPrincipal("Group:friends"));
    create(table, "for everybody", acl().setPrincipal("User:*"));
    create(table, "for a principal without a type", acl().setPrincipal("alice"));
    create(table, "for an empty principal", acl().setPrincipal(""));
    create(table, "for a principal of no name", acl().setPrincipal("User:"));
    create(table, "from an empty host", acl().setHost(""));
    create(table, "for an empty name", acl().setResourceName(""));
    for (byte code : NOT_THERE) {
      create(table, "of resource type " + code, acl().setResourceType(code));
      create(table, "of operation " + code, acl().setOperation(code));
      create(table, "of permission " + code, acl().setPermissionType(code));
      create(table, "of pattern " + code, acl().setResourcePatternType(code));
    }
    create(table, "of pattern MATCH", acl().setResourcePatternType(MATCH));
    create(table, "none");
    create(
        table,
        "good ones and a bad",
        acl().setHost("10.0.0.1"),
        acl().setPrincipal(""),
        acl().setOperation(ALTER_CONFIGS));
  }

  private static AclCreation acl() {
    return new AclCreation()
        .setResourceType(TOPIC)
        .setResourceName("acl-topic")
        .setResourcePatternType(LITERAL)
        .setPrincipal("User:alice")
        .setHost("*")
        .setOperation(READ)
        .setPermissionType(ALLOW);
  }

  private static void create(RequestTable table, String name, AclCreation... acls) {
    table.ask(
        "gives a permission: " + name,
        ApiKeys.CREATE_ACLS,
        (asked, version) -> {
          List<AclCreation> creations = new ArrayList<>();
          for (AclCreation acl : acls) {
            creations.add(acl.duplicate());
          }
          return new CreateAclsRequestData().setCreations(creations);
        });
  }

  private static void looked(RequestTable table, String when) {
    look(table, when + ", of all", anything());
    look(table, when + ", of all topics", anything().setResourceTypeFilter(TOPIC));
    look(table, when + ", of a name", anything().setResourceNameFilter("acl-topic"));
    look(
        table,
        when + ", that match a name",
        anything().setResourceNameFilter("acl-topic-2").setPatternTypeFilter(MATCH));
    look(table, when + ", literal", anything().setPatternTypeFilter(LITERAL));
    look(table, when + ", prefixed", anything().setPatternTypeFilter(PREFIXED));
    look(table, when + ", of a principal", anything().setPrincipalFilter("User:alice"));
    look(table, when + ", of no principal", anything().setPrincipalFilter(""));
    look(table, when + ", of a host", anything().setHostFilter("10.0.0.1"));
    look(table, when + ", of an operation", anything().setOperation(READ));
    look(table, when + ", of denials", anything().setPermissionType(DENY));
    for (byte code : new byte[] {0, 99}) {
      look(table, when + ", of type " + code, anything().setResourceTypeFilter(code));
      look(table, when + ", of operation " + code, anything().setOperation(code));
      look(table, when + ", of permission " + code, anything().setPermissionType(code));
      look(table, when + ", of pattern " + code, anything().setPatternTypeFilter(code));
    }
  }

  private static DescribeAclsRequestData anything() {
    return new DescribeAclsRequestData()
        .setResourceTypeFilter(ANY)
        .setResourceNameFilter(null)
        .setPatternTypeFilter(ANY)
        .setPrincipalFilter(null)
        .setHostFilter(null)
        .setOperation(ANY)
        .setPermissionType(ANY);
  }

  private static void look(RequestTable table, String name, DescribeAclsRequestData filter) {
    table.ask("permissions " + name, ApiKeys.DESCRIBE_ACLS, (asked, version) -> filter.duplicate());
  }

  private static void taken(RequestTable table) {
    delete(table, "none");
    delete(table, "one that is not", filter().setResourceNameFilter("acl-nothing"));
    delete(table, "denials of it", filter().setPermissionType(DENY));
    delete(table, "for it in two ways", filter().setPrincipalFilter("User:*"), filter());
    for (byte code : new byte[] {0, 99}) {
      delete(table, "of type " + code, filter().setResourceTypeFilter(code));
      delete(table, "of operation " + code, filter().setOperation(code));
      delete(table, "of permission " + code, filter().setPermissionType(code));
      delete(table, "of pattern " + code, filter().setPatternTypeFilter(code));
    }
    delete(table, "prefixed", filter().setPatternTypeFilter(PREFIXED));
    delete(
        table,
        "of a principal",
        filter().setResourceNameFilter(null).setPrincipalFilter("User:acl"));
  }

  private static DeleteAclsFilter filter() {
    return new DeleteAclsFilter()
        .setResourceTypeFilter(ANY)
        .setResourceNameFilter("acl-topic")
        .setPatternTypeFilter(LITERAL)
        .setPrincipalFilter(null)
        .setHostFilter(null)
        .setOperation(ANY)
        .setPermissionType(ANY);
  }

  private static void delete(RequestTable table, String name, DeleteAclsFilter... filters) {
    table.ask(
        "takes permissions: " + name,
        ApiKeys.DELETE_ACLS,
        (asked, version) -> {
          List<DeleteAclsFilter> all = new ArrayList<>();
          for (DeleteAclsFilter filter : filters) {
            all.add(filter.duplicate());
          }
          return new DeleteAclsRequestData().setFilters(all);
        });
  }

  // ---- credentials ---------------------------------------------------------------------------

  private static void credentials(RequestTable table) {
    byte known = ScramMechanism.SCRAM_SHA_256.type();
    describe(table, "of all, before");
    alter(table, "one", List.of(), List.of(upsertion("carol", known, ITERATIONS)));
    alter(table, "it again", List.of(), List.of(upsertion("carol", known, ITERATIONS + 1)));
    alter(
        table,
        "another mechanism",
        List.of(),
        List.of(upsertion("carol", ScramMechanism.SCRAM_SHA_512.type(), ITERATIONS)));
    alter(
        table,
        "one twice",
        List.of(),
        List.of(upsertion("dave", known, ITERATIONS), upsertion("dave", known, ITERATIONS)));
    for (int iterations : new int[] {-1, 0, ITERATIONS - 1, 16_384, 16_385}) {
      alter(
          table,
          iterations + " iterations",
          List.of(),
          List.of(upsertion("erin", known, iterations)));
    }
    for (byte mechanism : new byte[] {-1, 0, 3}) {
      alter(
          table,
          "mechanism " + mechanism,
          List.of(deletion("carol", mechanism)),
          List.of(upsertion("frank", mechanism, ITERATIONS)));
    }
    alter(table, "nobody's", List.of(), List.of(upsertion("", known, ITERATIONS)));
    alter(table, "nothing", List.of(), List.of());
    alter(
        table,
        "a name to be written in another way",
        List.of(),
        List.of(upsertion("ü/:,=* %41", known, ITERATIONS)));
    alter(
        table,
        "one put and taken",
        List.of(deletion("carol", known)),
        List.of(upsertion("carol", known, ITERATIONS)));
    describe(table, "of all");
    describe(table, "of one", "carol");
    describe(table, "of one twice", "carol", "carol");
    describe(table, "of some", "carol", "erin", "nobody");
    describe(table, "of a user without a name", "");
    alter(table, "one that is not", List.of(deletion("nobody", known)), List.of());
    alter(
        table,
        "one to be taken",
        List.of(deletion("carol", known), deletion("nobody", known)),
        List.of());
    describe(table, "of all, after");
  }

  private static ScramCredentialUpsertion upsertion(String user, byte mechanism, int iterations) {
    return new ScramCredentialUpsertion()
        .setName(user)
        .setMechanism(mechanism)
        .setIterations(iterations)
        .setSalt(new byte[] {1, 2, 3})
        .setSaltedPassword(new byte[] {4, 5, 6});
  }

  private static ScramCredentialDeletion deletion(String user, byte mechanism) {
    return new ScramCredentialDeletion().setName(user).setMechanism(mechanism);
  }

  private static void alter(
      RequestTable table,
      String name,
      List<ScramCredentialDeletion> deletions,
      List<ScramCredentialUpsertion> upsertions) {
    table.ask(
        "credentials: " + name,
        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
        (asked, version) ->
            new AlterUserScramCredentialsRequestData()
                .setDeletions(deletions)
                .setUpsertions(upsertions));
  }

  /**
   * @param users none for all
   */
  private static void describe(RequestTable table, String name, String... users) {
    table.ask(
        "credentials " + name,
        ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
        (asked, version) -> {
          DescribeUserScramCredentialsRequestData request =
              new DescribeUserScramCredentialsRequestData();
          for (String user : users) {
            request.users().add(new UserName().setName(user));
          }
          return request;
        });
  }
}
