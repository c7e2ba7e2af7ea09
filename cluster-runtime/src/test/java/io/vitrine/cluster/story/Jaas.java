package io.vitrine.cluster.story;

import java.util.Map;
import java.util.TreeMap;

/** Login settings of brokers and clients, as text. */
final class Jaas {
  private static final String PACKAGE = "org.apache.kafka.common.security.";

  private Jaas() {}

  /** PLAIN users and their passwords on a broker, which is one of them to others. */
  static String plainUsers(String self, Map<String, String> passwords) {
    String own = plain(self, passwords.get(self));
    StringBuilder text = new StringBuilder(own.substring(0, own.length() - 1));
    new TreeMap<>(passwords)
        .forEach((user, password) -> text.append(" user_" + user + "=\"" + password + "\""));
    return text.append(';').toString();
  }

  static String plain(String user, String password) {
    return login("plain.PlainLoginModule", user, password);
  }

  static String scram(String user, String password) {
    return login("scram.ScramLoginModule", user, password);
  }

  /** A delegation token, by its id and its signature, instead of a user and a password. */
  static String delegated(String id, String hmac) {
    String login = scram(id, hmac);
    return login.substring(0, login.length() - 1) + " tokenauth=\"true\";";
  }

  /** Names a user without proof, which Kafka's unsecured tokens are. */
  static String token(String user, int lifeSeconds) {
    return PACKAGE
        + "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\""
        + user
        + "\" unsecuredLoginLifetimeSeconds=\""
        + lifeSeconds
        + "\";";
  }

  private static String login(String module, String user, String password) {
    return PACKAGE + module + " required username=\"" + user + "\" password=\"" + password + "\";";
  }
}
