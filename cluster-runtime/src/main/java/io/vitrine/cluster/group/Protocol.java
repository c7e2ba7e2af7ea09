package io.vitrine.cluster.group;

import java.util.Arrays;
import java.util.List;

/**
 * A way of sharing out partitions a member knows, and what it has to say to who does it.
 *
 * @param metadata the subscription of a consumer; not copied, nobody changes it
 */
record Protocol(String name, byte[] metadata) {

  /** Whether two members' lists say the same, in the same order. */
  static boolean same(List<Protocol> some, List<Protocol> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (!some.get(i).name.equals(others.get(i).name)
          || !Arrays.equals(some.get(i).metadata, others.get(i).metadata)) {
        return false;
      }
    }
    return true;
  }
}
