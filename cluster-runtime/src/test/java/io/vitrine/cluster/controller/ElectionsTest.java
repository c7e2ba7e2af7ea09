package io.vitrine.cluster.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.controller.Elections.Elected;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** M12, M14, M25, M30, M31: who leads next, as a table. */
class ElectionsTest {
  private static final List<Integer> ASSIGNED = List.of(1, 2, 3);

  @Test
  void aNewPartitionIsLedByItsFirstLiveReplica() {
    assertThat(Elections.first(ASSIGNED, Set.of(2, 3)))
        .contains(new Elected(2, List.of(2, 3), false));
    assertThat(Elections.first(ASSIGNED, Set.of(9))).isEmpty();
  }

  @Test
  void onlyMembersOfTheIsrAreElected() {
    assertThat(Elections.offline(ASSIGNED, List.of(3, 2, 1), Set.of(2, 3), false))
        .contains(new Elected(2, List.of(3, 2), false));
    assertThat(Elections.offline(ASSIGNED, List.of(1), Set.of(2, 3), false)).isEmpty();
  }

  @Test
  void anUncleanLeaderStartsAlone() {
    assertThat(Elections.offline(ASSIGNED, List.of(1), Set.of(3, 2), true))
        .contains(new Elected(2, List.of(2), true));
    assertThat(Elections.offline(ASSIGNED, List.of(3), Set.of(3, 2), true))
        .contains(new Elected(3, List.of(3), false));
  }

  @Test
  void thePreferredLeaderMustBeLiveAndInSync() {
    assertThat(Elections.preferred(ASSIGNED, List.of(3, 1), Set.of(1, 3)))
        .contains(new Elected(1, List.of(3, 1), false));
    assertThat(Elections.preferred(ASSIGNED, List.of(3), Set.of(1, 3))).isEmpty();
    assertThat(Elections.preferred(ASSIGNED, List.of(3, 1), Set.of(3))).isEmpty();
  }

  @Test
  void aBrokerThatShutsDownGivesLeadershipAwayAndLeavesTheIsr() {
    assertThat(Elections.controlledShutdown(ASSIGNED, List.of(1, 2, 3), Set.of(2, 3), Set.of(1)))
        .contains(new Elected(2, List.of(2, 3), false));
    assertThat(Elections.controlledShutdown(ASSIGNED, List.of(1), Set.of(2, 3), Set.of(1)))
        .isEmpty();
  }

  @Test
  void theLastMemberOfAnIsrStays() {
    assertThat(Elections.without(1, 1, List.of(1))).isEqualTo(new Elected(-1, List.of(1), false));
    assertThat(Elections.without(2, 1, List.of(1, 2))).isEqualTo(new Elected(1, List.of(1), false));
    assertThat(Elections.without(1, 1, List.of(1, 2)))
        .isEqualTo(new Elected(-1, List.of(2), false));
  }
}
