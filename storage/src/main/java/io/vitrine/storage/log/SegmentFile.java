package io.vitrine.storage.log;

import io.vitrine.storage.file.StoredFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A segment's open file, closed when the segment and every slice of it let go. */
final class SegmentFile {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentFile.class);

  private final StoredFile stored;
  private final AtomicInteger holders = new AtomicInteger(1);

  SegmentFile(StoredFile stored) {
    this.stored = stored;
  }

  StoredFile stored() {
    return stored;
  }

  /** Takes a hold; false when the file is closed already. */
  boolean retain() {
    int now = holders.get();
    while (now > 0) {
      if (holders.compareAndSet(now, now + 1)) {
        return true;
      }
      now = holders.get();
    }
    return false;
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      try {
        stored.close();
      } catch (IOException e) {
        LOG.warn("a segment file did not close: {}", e.getMessage());
      }
    }
  }
}
