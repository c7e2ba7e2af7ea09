package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE_PROCESS;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * M28, M29: a follower that stands still (SIGSTOP) leaves the ISR and comes back, with the leader
 * epochs, partition epochs and order of the ISR that Apache Kafka gives.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "freezes processes by signals")
class LagStoryTest {

  @Test
  void theIsrShrinksAndGrowsAsApacheKafkas(@TempDir Path directory) throws Exception {
    SameTrees.assertSameOnBoth(VITRINE_PROCESS, LagStory.SETTINGS, LagStory::new, directory);
  }
}
