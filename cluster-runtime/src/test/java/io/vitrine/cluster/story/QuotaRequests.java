package io.vitrine.cluster.story;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Limits of users, client ids and addresses: set, refused, looked for, removed. */
final class QuotaRequests {
  private static final String USER = "user";
  private static final String CLIENT = "client-id";
  private static final String IP = "ip";

  private static final byte EXACT = 0;
  private static final byte DEFAULT = 1;
  private static final byte ANY = 2;

  /** Stands for a limit that is removed. */
  private static final double GONE = -7;

  private QuotaRequests() {}

  static RequestTable all() {
    RequestTable table = new RequestTable();
    refused(table);
    set(table);
    looked(table, "");
    removed(table);
    looked(table, ", after some were removed");
    return table;
  }

  private static void refused(RequestTable table) {
    alter(table, "nobody", limit("producer_byte_rate", 1));
    alter(table, "an empty user", limit("producer_byte_rate", 1), USER, "");
    alter(table, "an unknown kind", limit("producer_byte_rate", 1), "planet", "mars");
    alter(
        table, "an address of a user", limit("connection_creation_rate", 1), USER, "a", IP, "::1");
    alter(table, "no address", limit("connection_creation_rate", 1), IP, "not an address");
    alter(table, "an unknown limit", limit("sleep_rate", 1), USER, "alice");
    alter(table, "half a byte", limit("producer_byte_rate", 1.5), USER, "alice");
    alter(table, "a client's limit of an address", limit("producer_byte_rate", 1), IP, "127.0.0.1");
    alter(table, "an address's of a client", limit("connection_creation_rate", 1), CLIENT, "c");
    alter(table, "less than nothing", limit("connection_creation_rate", -1), IP, "127.0.0.1");
    alter(table, "removed though never there", limit("sleep_rate", GONE), USER, "nobody");
  }

  private static void set(RequestTable table) {
    alter(table, "a user", limit("producer_byte_rate", 1e6), USER, "alice");
    alter(table, "a user's time", limit("request_percentage", 12.5), USER, "alice");
    alter(table, "an odd user", limit("consumer_byte_rate", 2e6), USER, "CN=a b/c:d*é%");
    alter(table, "users", limit("producer_byte_rate", 3e6), USER, null);
    alter(table, "a client", limit("consumer_byte_rate", 4e6), CLIENT, "c 1");
    alter(table, "clients", limit("controller_mutation_rate", 5.5), CLIENT, null);
    alter(table, "a user's client", limit("producer_byte_rate", 7), USER, "alice", CLIENT, "c 1");
    alter(table, "another's client", limit("producer_byte_rate", 8), USER, "bob", CLIENT, "c 1");
    alter(table, "a user's clients", limit("producer_byte_rate", 9), USER, "alice", CLIENT, null);
    alter(table, "users' clients", limit("producer_byte_rate", 10), USER, null, CLIENT, null);
    alter(table, "an address", limit("connection_creation_rate", 11), IP, "127.0.0.9");
    alter(table, "addresses", limit("connection_creation_rate", 12), IP, null);
    table.ask(
        "only checked",
        ApiKeys.ALTER_CLIENT_QUOTAS,
        (asked, version) ->
            request(entry(limit("producer_byte_rate", 99), USER, "eve")).setValidateOnly(true));
    table.ask(
        "several, one of them twice",
        ApiKeys.ALTER_CLIENT_QUOTAS,
        (asked, version) ->
            request(
                entry(limit("producer_byte_rate", 1), USER, "twice"),
                entry(limit("sleep_rate", 1), USER, "wrong"),
                entry(limit("consumer_byte_rate", 2), USER, "twice")));
  }

  private static void removed(RequestTable table) {
    alter(table, "no odd user", limit("consumer_byte_rate", GONE), USER, "CN=a b/c:d*é%");
    alter(
        table, "no other's client", limit("producer_byte_rate", GONE), USER, "bob", CLIENT, "c 1");
    alter(
        table, "no user's clients", limit("producer_byte_rate", GONE), USER, "alice", CLIENT, null);
    alter(table, "no address", limit("connection_creation_rate", GONE), IP, "127.0.0.9");
    alter(table, "no client", limit("consumer_byte_rate", GONE), CLIENT, "c 1");
    alter(table, "a user only by clients", limit("producer_byte_rate", GONE), USER, null);
  }

  private static void looked(RequestTable table, String when) {
    for (boolean strict : new boolean[] {true, false}) {
      String how = (strict ? ", strictly" : "") + when;
      look(table, "all" + how, strict);
      for (String type : List.of(USER, CLIENT, IP)) {
        look(table, "any " + type + how, strict, component(type, ANY, null));
        look(table, "default " + type + how, strict, component(type, DEFAULT, null));
        for (String name : List.of("alice", "bob", "c 1", "127.0.0.9", "CN=a b/c:d*é%")) {
          look(table, type + " " + name + how, strict, component(type, EXACT, name));
        }
      }
      for (byte user : new byte[] {EXACT, DEFAULT, ANY}) {
        for (byte client : new byte[] {EXACT, DEFAULT, ANY}) {
          look(
              table,
              "user by " + user + " and client by " + client + how,
              strict,
              component(USER, user, user == EXACT ? "alice" : null),
              component(CLIENT, client, client == EXACT ? "c 1" : null));
        }
      }
      look(table, "twice" + how, strict, component(USER, ANY, null), component(USER, ANY, null));
      look(table, "no kind" + how, strict, component("", ANY, null));
      look(table, "an unknown kind" + how, strict, component("planet", ANY, null));
      look(
          table,
          "an address of a user" + how,
          strict,
          component(USER, ANY, null),
          component(IP, ANY, null));
      look(table, "by no rule" + how, strict, component(USER, (byte) 9, null));
      look(table, "by no name" + how, strict, component(USER, EXACT, null));
    }
  }

  private static void look(
      RequestTable table, String what, boolean strict, ComponentData... components) {
    table.ask(
        "looked for " + what,
        ApiKeys.DESCRIBE_CLIENT_QUOTAS,
        (asked, version) ->
            new DescribeClientQuotasRequestData()
                .setStrict(strict)
                .setComponents(List.of(components)));
  }

  private static ComponentData component(String type, byte match, String name) {
    return new ComponentData().setEntityType(type).setMatchType(match).setMatch(name);
  }

  private static void alter(RequestTable table, String what, OpData op, String... entity) {
    table.ask(what, ApiKeys.ALTER_CLIENT_QUOTAS, (asked, version) -> request(entry(op, entity)));
  }

  private static AlterClientQuotasRequestData request(EntryData... entries) {
    return new AlterClientQuotasRequestData().setEntries(List.of(entries));
  }

  private static EntryData entry(OpData op, String... entity) {
    List<EntityData> names = new ArrayList<>();
    for (int i = 0; i < entity.length; i += 2) {
      names.add(new EntityData().setEntityType(entity[i]).setEntityName(entity[i + 1]));
    }
    return new EntryData().setEntity(names).setOps(List.of(op));
  }

  private static OpData limit(String name, double value) {
    return new OpData().setKey(name).setValue(value).setRemove(value == GONE);
  }
}
