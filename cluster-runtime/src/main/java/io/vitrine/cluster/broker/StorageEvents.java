package io.vitrine.cluster.broker;

import io.vitrine.cluster.event.ClusterEvent;
import io.vitrine.cluster.event.EventSink;
import io.vitrine.cluster.jmx.BrokerBeans;
import io.vitrine.storage.LogObserver;
import io.vitrine.storage.log.LogContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reports what happens to a broker's logs; on the thread that did it, so only hands over. */
final class StorageEvents implements LogObserver {
  private final int brokerId;
  private final EventSink events;
  private final BrokerBeans beans;
  private final BiConsumer<Path, IOException> directoryFailed;

  /**
   * @param beans measures flushes
   * @param directoryFailed told after the event
   */
  StorageEvents(
      int brokerId,
      EventSink events,
      BrokerBeans beans,
      BiConsumer<Path, IOException> directoryFailed) {
    this.brokerId = brokerId;
    this.events = events;
    this.beans = beans;
    this.directoryFailed = directoryFailed;
  }

  @Override
  public void segmentRolled(TopicPartition partition, long baseOffset) {
    report(new ClusterEvent.SegmentRolled(partition, baseOffset));
  }

  @Override
  public void segmentsDeleted(TopicPartition partition, List<Long> baseOffsets, String reason) {
    report(new ClusterEvent.SegmentsDeleted(partition, baseOffsets, reason));
  }

  @Override
  public void flush(LogContext.Flush flush) throws IOException {
    beans.flush(flush);
  }

  @Override
  public void recovered(
      TopicPartition partition, long durationMs, long bytesCut, long logEndOffset) {
    report(new ClusterEvent.LogRecovered(partition, durationMs, bytesCut, logEndOffset));
  }

  @Override
  public void logDirectoryFailed(Path directory, IOException cause) {
    report(
        new ClusterEvent.LogDirectoryFailed(
            directory.toString(),
            cause.getMessage()
                + ". Its replicas are offline; mend the disk, then restart the broker."));
    directoryFailed.accept(directory, cause);
  }

  private void report(ClusterEvent event) {
    events.report(brokerId, event);
  }
}
