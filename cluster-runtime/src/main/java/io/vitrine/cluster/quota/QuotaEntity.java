package io.vitrine.cluster.quota;

import org.apache.kafka.common.utils.Sanitizer;

/**
 * Whom a limit is set for: a user, a client id, both, or the default of either.
 *
 * @param user sanitized, as in ZooKeeper
 * @param clientId as clients send it
 */
public record QuotaEntity(Part user, Part clientId) {
  private static final String DEFAULT = "<default>";

  /** One half: absent, the default, or a name. */
  public record Part(Kind kind, String name) {
    static final Part ABSENT = new Part(Kind.ABSENT, "");
    static final Part DEFAULT = new Part(Kind.DEFAULT, "");

    static Part named(String name) {
      return new Part(Kind.NAMED, name);
    }

    private static Part ofUser(String node) {
      return node.equals(QuotaEntity.DEFAULT) ? DEFAULT : named(node);
    }

    private static Part ofClient(String node) {
      return node.equals(QuotaEntity.DEFAULT) ? DEFAULT : named(Sanitizer.desanitize(node));
    }
  }

  /** What a half may be. */
  public enum Kind {
    ABSENT,
    DEFAULT,
    NAMED
  }

  /**
   * The entity of a path below {@code /config}: {@code users/U}, {@code users/U/clients/C} or
   * {@code clients/C}, where {@code <default>} stands for all others.
   *
   * @throws IllegalArgumentException when it is none of them
   */
  static QuotaEntity ofPath(String path) {
    String[] parts = path.split("/");
    if (parts.length == 2 && parts[0].equals("users")) {
      return new QuotaEntity(Part.ofUser(parts[1]), Part.ABSENT);
    }
    if (parts.length == 2 && parts[0].equals("clients")) {
      return new QuotaEntity(Part.ABSENT, Part.ofClient(parts[1]));
    }
    if (parts.length == 4 && parts[0].equals("users") && parts[2].equals("clients")) {
      return new QuotaEntity(Part.ofUser(parts[1]), Part.ofClient(parts[3]));
    }
    throw new IllegalArgumentException(path + " names no client");
  }
}
