package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE_PROCESS;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * M05, M11, M12, M38, M53: brokers as processes under SIGKILL, SIGSTOP, SIGTERM and cut, reset and
 * slow links while an idempotent producer works: nothing acknowledged is lost, nothing doubled,
 * order kept. {@link RealFaults} does it for as long as one likes.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "links begin on addresses of 127.0.0.0/8")
class RealFaultsTest {
  /** At least so long, and until each kind has had its turn. */
  private static final Duration TIME = Duration.ofMinutes(2);

  @Test
  void nothingIsLostAndNothingDoubled(@TempDir Path directory) throws Exception {
    List<String> story = new ArrayList<>();
    try (StoryCluster cluster = StoryCluster.linked(VITRINE_PROCESS, directory)) {
      RealFaults.run(cluster, 1, TIME, story::add);
    } catch (Exception | AssertionError e) {
      throw new AssertionError("after\n" + String.join("\n", story), e);
    }
  }
}
