package io.vitrine.cluster.group;

/**
 * Who commits offsets.
 *
 * @param memberId empty for who is no member
 * @param instanceId null for who is no static member
 * @param generation negative for who is no member
 */
public record Committer(String memberId, String instanceId, int generation) {
  boolean claimsMembership() {
    return generation >= 0 || !memberId.isEmpty() || instanceId != null;
  }
}
