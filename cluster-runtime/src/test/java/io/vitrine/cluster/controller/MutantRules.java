package io.vitrine.cluster.controller;

import io.vitrine.cluster.zookeeper.ZkOp;
import io.vitrine.cluster.zookeeper.ZkPaths;
import io.vitrine.cluster.zookeeper.ZkResult;
import io.vitrine.cluster.zookeeper.ZooKeeperSession;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.implementation.bind.annotation.Argument;
import net.bytebuddy.implementation.bind.annotation.FieldValue;

/** The controller's rules, broken: the simulation must see it. */
public final class MutantRules {
  private MutantRules() {}

  /** Elects outside the ISR: the first live replica leads, in sync or not. */
  public static final class ElectAnybody {
    private ElectAnybody() {}

    /** In the place of {@link Elections#offline}. */
    public static Optional<Elections.Elected> offline(
        @Argument(0) List<Integer> assignment, @Argument(2) Set<Integer> live) {
      return assignment.stream()
          .filter(live::contains)
          .findFirst()
          .map(id -> new Elections.Elected(id, List.of(id), false));
    }
  }

  /** Writes without a look at the controller epoch. */
  public static final class WriteUnfenced {
    private WriteUnfenced() {}

    /** In the place of {@link FencedStore}'s fence. */
    public static CompletableFuture<List<ZkResult>> fenced(
        @FieldValue("session") ZooKeeperSession session, @Argument(0) ZkOp op) {
      ZkOp unconditional =
          op instanceof ZkOp.SetData set ? new ZkOp.SetData(set.path(), set.data(), -1) : op;
      return session.multi(List.of(new ZkOp.Check(ZkPaths.CONTROLLER_EPOCH, -1), unconditional));
    }
  }
}
