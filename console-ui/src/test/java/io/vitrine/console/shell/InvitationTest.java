package io.vitrine.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.live.SnapshotFeed;
import io.vitrine.console.testing.FakeCluster;
import org.junit.jupiter.api.Test;

class InvitationTest {
  private final FakeCluster cluster = new FakeCluster();
  private final SnapshotFeed feed = new SnapshotFeed(cluster, Runnable::run, cluster::nanos);
  private final Invitation invitation = new Invitation();

  @Test
  void itNamesTheBrokerToKill() {
    tell(Chapter.CALM);

    assertThat(invitation.done()).isZero();
    assertThat(invitation.broker(feed.frame())).isEqualTo(SampleSnapshots.VICTIM);
  }

  @Test
  void stepsTickAsTheyHappen() {
    tell(Chapter.SESSION_RUNNING_OUT);
    assertThat(invitation.done()).isEqualTo(Invitation.Step.SESSION_OUT.ordinal());

    tell(Chapter.FAILED_OVER);
    assertThat(invitation.done()).isEqualTo(Invitation.Step.RESTART.ordinal());
    assertThat(invitation.complete()).isFalse();

    tell(Chapter.REJOINED);
    assertThat(invitation.complete()).isTrue();
    assertThat(invitation.broker(feed.frame())).isEqualTo(SampleSnapshots.VICTIM);
  }

  private void tell(Chapter chapter) {
    if (feed.paused()) {
      feed.resume();
      feed.subscribe(invitation::apply);
    }
    cluster.tell(SampleSnapshots.events(chapter));
  }
}
