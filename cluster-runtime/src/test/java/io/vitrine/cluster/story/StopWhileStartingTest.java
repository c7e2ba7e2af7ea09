package io.vitrine.cluster.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.cluster.oracle.ChildJvm;
import io.vitrine.cluster.oracle.VitrineMain;
import io.vitrine.cluster.zookeeper.EmbeddedZooKeeper;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** M05: SIGTERM to {@code vitrine broker} before it serves: it ends at once and holds nothing. */
@Timeout(120)
class StopWhileStartingTest {
  private static final int SIGTERM_EXIT = 143;
  private static final int SECONDS = 20;

  @TempDir Path directory;

  @Test
  void whileItWaitsForZooKeeper() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ChildJvm broker = start("127.0.0.1:" + silent.getLocalPort());
        Socket asking = silent.accept()) {
      assertThat(asking.isConnected()).isTrue();
      assertThat(broker.terminate(SECONDS)).isEqualTo(SIGTERM_EXIT);
      assertThat(broker.output()).contains("broker 1 stopped").doesNotContain("READY");
    }
  }

  @Test
  void whileItOpensItsLogs() throws Exception {
    try (EmbeddedZooKeeper zooKeeper =
            EmbeddedZooKeeper.start(directory.resolve("zookeeper"), 0, StorySettings.TICK_MS);
        ZnodeTree tree = new ZnodeTree(zooKeeper.connectString())) {
      Path lock = directory.resolve("logs").resolve(".lock");
      try (ChildJvm broker = start(zooKeeper.connectString())) {
        await().atMost(Duration.ofSeconds(SECONDS)).until(() -> Files.exists(lock));
        assertThat(broker.terminate(SECONDS)).isEqualTo(SIGTERM_EXIT);
        assertThat(broker.output()).contains("broker 1 stopped");
      }
      assertThat(isFree(lock)).isTrue();
      assertThat(tree.children("/brokers/ids")).isEmpty();
      try (ChildJvm again = start(zooKeeper.connectString())) {
        again.awaitReady(SECONDS);
        again.terminate(SECONDS);
      }
    }
  }

  private static boolean isFree(Path lock) throws IOException {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken != null;
    }
  }

  /** With more patience for ZooKeeper than the test has. */
  private ChildJvm start(String zooKeeper) throws IOException {
    Properties properties = new Properties();
    properties.putAll(StorySettings.broker(1, 0, zooKeeper, List.of(directory.resolve("logs"))));
    properties.remove("advertised.listeners");
    properties.setProperty("zookeeper.connection.timeout.ms", "100000");
    Path file = directory.resolve("server.properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    return ChildJvm.start(
        System.getProperty("java.class.path"),
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        VitrineMain.class.getName(),
        VitrineMain.READY,
        List.of("broker", file.toString()));
  }
}
