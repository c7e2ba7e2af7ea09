package io.vitrine.cluster.story;

import static io.vitrine.cluster.story.StoryBroker.Brand.VITRINE;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * M25, M65: settings changed on running brokers, one or all, take effect at once and leave the
 * ZooKeeper trees that they leave at Apache Kafka.
 */
class BrokerSettingsStoryTest {

  @Test
  void changesTakeEffectAsAtApacheKafka(@TempDir Path directory) throws Exception {
    SameTrees.assertSameOnBoth(VITRINE, Map.of(), BrokerSettingsStory::new, directory);
  }
}
