package io.vitrine.console.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.console.live.Selection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Back and forward, and two views side by side, as a browser's user expects them. */
class TrailTest {
  private final Trail trail = new Trail(one("cluster"));

  @Test
  void backAndForwardWalkThePlaces() {
    trail.go(one("partition"));
    trail.go(one("lane"));

    assertThat(trail.back()).contains(one("partition"));
    assertThat(trail.back()).contains(one("cluster"));
    assertThat(trail.back()).isEmpty();
    assertThat(trail.forward()).contains(one("partition"));
    assertThat(trail.canGoForward()).isTrue();
  }

  @Test
  void goingSomewhereElseForgetsWhatLayAhead() {
    trail.go(one("partition"));
    trail.back();
    trail.go(one("group"));

    assertThat(trail.canGoForward()).isFalse();
    assertThat(trail.back()).contains(one("cluster"));
  }

  @Test
  void whatIsChosenBelongsToThePlace() {
    trail.amend(here -> here.choose(new Selection.Broker(2)));
    trail.go(one("partition"));
    trail.amend(here -> here.choose(new Selection.Topic("orders")));

    assertThat(trail.back().orElseThrow().item()).isEqualTo(new Selection.Broker(2));
    assertThat(trail.forward().orElseThrow().item()).isEqualTo(new Selection.Topic("orders"));
  }

  @Test
  void theOtherPanesBecomingActiveIsNoNewPlace() {
    trail.go(one("cluster").beside("lane"));
    trail.go(trail.here().activate(0));

    assertThat(trail.here().view()).isEqualTo("cluster");
    assertThat(trail.back()).contains(one("cluster"));
  }

  @Test
  void onlyTheNewestPlacesAreKept() {
    for (int i = 0; i < 3 * Trail.MOST; i++) {
      trail.go(one("view-" + i));
    }
    int steps = 0;
    while (trail.back().isPresent()) {
      steps++;
    }
    assertThat(steps).isEqualTo(Trail.MOST - 1);
  }

  @Test
  void aViewIsShownOnce() {
    Place two = one("cluster").beside("lane");

    assertThat(two.open("cluster").view()).isEqualTo("cluster");
    assertThat(two.open("cluster").views()).containsExactly("cluster", "lane");
    assertThat(one("cluster").beside("cluster")).isEqualTo(one("cluster"));
    assertThatThrownBy(() -> new Place(List.of("cluster", "cluster"), 0, new Selection.Nothing()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void besideReplacesTheViewThatIsNotActive() {
    Place two = one("cluster").beside("lane").activate(0).beside("group");

    assertThat(two.views()).containsExactly("cluster", "group");
    assertThat(two.view()).isEqualTo("group");
    assertThat(two.other()).contains("cluster");
  }

  @Test
  void aClosedPaneLeavesTheOther() {
    Place two = one("cluster").beside("lane");

    assertThat(two.close(0)).isEqualTo(one("lane"));
    assertThat(two.close(1)).isEqualTo(one("cluster"));
    assertThat(one("lane").close(0)).isEqualTo(one("lane"));
  }

  private static Place one(String view) {
    return new Place(List.of(view), 0, new Selection.Nothing());
  }
}
