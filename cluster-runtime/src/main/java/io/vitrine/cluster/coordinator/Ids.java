package io.vitrine.cluster.coordinator;

import org.apache.kafka.common.utils.Utils;

/** What ids of groups, members and transactions have in common. */
public final class Ids {
  private static final int MOST_BYTES_A_CHAR = 3;

  private Ids() {}

  /**
   * Whether an id fits into records and answers, whose texts have a length of 16 bits. One that was
   * read from a request need not: a byte that is no UTF-8 is read as a character of three.
   */
  public static boolean fits(String id) {
    return id.length() <= Short.MAX_VALUE / MOST_BYTES_A_CHAR
        || Utils.utf8Length(id) <= Short.MAX_VALUE;
  }
}
