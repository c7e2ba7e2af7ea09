package io.vitrine.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.LocalClusterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VitrineCommandTest {
  private final AtomicReference<LocalClusterSettings> opened = new AtomicReference<>();

  @Test
  void withoutOptionsTheConsoleOpensOnThreeBrokers() {
    assertThat(run()).isZero();
    assertThat(opened.get().brokers()).isEqualTo(3);
    assertThat(opened.get().firstPort()).isEqualTo(9092);
    assertThat(opened.get().sessionTimeoutMs()).isEqualTo(18_000);
    assertThat(opened.get().demoTraffic()).isTrue();
    assertThat(run("--no-traffic")).isZero();
    assertThat(opened.get().demoTraffic()).isFalse();
  }

  @Test
  void optionsReachTheSettings() {
    assertThat(
            run(
                "--data",
                "/tmp/x",
                "--brokers",
                "1",
                "--port",
                "0",
                "--session-timeout",
                "2000",
                "--set",
                "num.partitions=4",
                "--traffic"))
        .isZero();
    LocalClusterSettings settings = opened.get();
    assertThat(settings.dataDirectory()).isEqualTo(Path.of("/tmp/x"));
    assertThat(settings.brokers()).isEqualTo(1);
    assertThat(settings.firstPort()).isZero();
    assertThat(settings.zooKeeperPort()).isZero();
    assertThat(settings.sessionTimeoutMs()).isEqualTo(2_000);
    assertThat(settings.brokerOverrides()).isEqualTo(Map.of("num.partitions", "4"));
    assertThat(settings.demoTraffic()).isTrue();
  }

  @Test
  void helpAndVersionOpenNothing() {
    assertThat(run("--help")).isZero();
    assertThat(run("--version")).isZero();
    assertThat(opened.get()).isNull();
  }

  @Test
  void whatIsNoOptionIsMisuse() {
    assertThat(run("--nonsense")).isEqualTo(2);
  }

  @Test
  void aDirectoryThatWouldPartLogDirsIsMisuse() {
    assertThat(run("--data", "/tmp/a,b")).isEqualTo(2);
    assertThat(opened.get()).isNull();
  }

  @Test
  void aFailureWithoutWordsIsNamed() {
    assertThat(VitrineCommand.reason(new IllegalStateException(" ", new IOException("the disk"))))
        .isEqualTo("the disk");
    assertThat(VitrineCommand.reason(new NullPointerException()))
        .isEqualTo("failed with java.lang.NullPointerException");
  }

  private int run(String... arguments) {
    return VitrineCommand.run(
        settings -> {
          opened.set(settings);
          return 0;
        },
        arguments);
  }
}
