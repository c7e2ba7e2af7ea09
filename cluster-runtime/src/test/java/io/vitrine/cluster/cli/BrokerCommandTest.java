package io.vitrine.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code vitrine broker} says of settings it cannot use; it runs in BrokerIdsTest. */
class BrokerCommandTest {
  private final StringWriter errors = new StringWriter();

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path directory) {
    Path file = directory.resolve("server.properties");
    assertThat(run(file.toString())).isEqualTo(1);
    assertThat(errors.toString()).contains("there is no file " + file);
  }

  @Test
  void aSettingThatMakesNoSenseIsNamed(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("server.properties"), "num.io.threads=many\n");
    assertThat(run(file.toString(), "--override", "zookeeper.connect=127.0.0.1:1")).isEqualTo(1);
    assertThat(errors.toString()).contains("num.io.threads", "many");
  }

  @Test
  void withoutZooKeeperItSaysSo(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("server.properties"),
            "broker.id=1\nlisteners=PLAINTEXT://127.0.0.1:0\nzookeeper.connect=127.0.0.1:1\n"
                + "zookeeper.connection.timeout.ms=300\nlog.dirs="
                + directory.resolve("logs").toString().replace('\\', '/')
                + "\n");
    assertThat(run(file.toString())).isEqualTo(1);
    assertThat(errors.toString()).contains("no ZooKeeper at 127.0.0.1:1", "zookeeper.connect");
  }

  @Test
  void withoutAFileItIsMisused() {
    assertThat(run()).isEqualTo(2);
  }

  private int run(String... arguments) {
    return new CommandLine(new BrokerCommand())
        .setErr(new PrintWriter(errors, true))
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              line.getErr().println("vitrine: " + e.getMessage());
              return 1;
            })
        .execute(arguments);
  }
}
