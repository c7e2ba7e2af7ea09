package io.vitrine.console.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HomePageTest {
  @Test
  void nothingIsKnownBeforeAnythingIsHeard() {
    HomePage page = HomePage.of(ClusterSnapshot.empty());

    assertThat(page.life()).isEqualTo(HomePage.Life.UNKNOWN);
    assertThat(page.bootstrap()).isEmpty();
    assertThat(page.controller()).isEqualTo(-1);
    assertThat(page.mayStart()).isFalse();
    assertThat(page.mayStop()).isFalse();
  }

  @Test
  void aCalmClusterServesAndHasNothingToStart() {
    HomePage page = HomePage.of(SampleSnapshots.snapshot(Chapter.CALM));

    assertThat(page.life()).isEqualTo(HomePage.Life.SERVING);
    assertThat(page.serving()).isEqualTo(3);
    assertThat(page.bootstrap()).isEqualTo("127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094");
    assertThat(page.controller()).isEqualTo(SampleSnapshots.CONTROLLER);
    assertThat(page.offline()).isZero();
    assertThat(page.mayStart()).isFalse();
    assertThat(page.mayStop()).isTrue();
  }

  @Test
  void aDeadBrokerIsLeftOutOfTheAddressAndCanBeStarted() {
    HomePage page = HomePage.of(SampleSnapshots.snapshot(Chapter.SESSION_RUNNING_OUT));

    assertThat(page.life()).isEqualTo(HomePage.Life.PARTLY);
    assertThat(page.serving()).isEqualTo(2);
    assertThat(page.bootstrap()).isEqualTo("127.0.0.1:9092,127.0.0.1:9094");
    assertThat(page.mayStart()).isTrue();
    assertThat(page.mayStop()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void everyClientsLineNamesTheAddresses(Snippet snippet) {
    assertThat(snippet.line("a:1,b:2")).contains("a:1,b:2").doesNotContain("{}");
  }

  @Test
  void addressesAreTidiedAndTheWrongOneIsNamed() {
    Connection tidy = new Connection(" ", " a:9092 , b:9092,", " ", "");

    assertThat(tidy.bootstrapServers()).isEqualTo("a:9092,b:9092");
    assertThat(tidy.name()).isEqualTo("a:9092");
    assertThat(tidy.zooKeeper()).isEmpty();
    assertThat(tidy.wrongAddress()).isEmpty();
    assertThat(new Connection("", "[::1]:9092", "", "").wrongAddress()).isEmpty();
    assertThat(new Connection("", "a:9092,kafka", "", "").wrongAddress()).contains("kafka");
    assertThat(new Connection("", "http://a:9092", "", "").wrongAddress())
        .contains("http://a:9092");
  }
}
