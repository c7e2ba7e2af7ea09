package io.vitrine.protocol.codec;

import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.RecordsSend;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;

/**
 * Records of a FetchResponse that stay in their file until the socket takes them: set as {@code
 * PartitionData.records}, sent as a file region (sendfile for plain sockets), never copied into
 * this process.
 *
 * <p>Owns one reference to the file, given back through {@code release}, which runs exactly once:
 * when the bytes were written, when the write failed, when the connection was closed before, or
 * when the response could not be encoded. Until then the file must stay open and must not shrink
 * below {@code position + sizeBytes}. May be released on any thread.
 */
public final class FileSlice implements BaseRecords {
  private final FileChannel channel;
  private final long position;
  private final int sizeBytes;
  private final Runnable release;
  private final AtomicBoolean released = new AtomicBoolean();

  /**
   * @param channel the JDK's own channel: the native transport takes the file descriptor out of it,
   *     so a wrapper is refused
   * @param release must not block or throw; called on a network thread as a rule
   */
  public FileSlice(FileChannel channel, long position, int sizeBytes, Runnable release) {
    if (!channel.getClass().getName().equals("sun.nio.ch.FileChannelImpl")) {
      throw new IllegalArgumentException("not a channel sendfile can use: " + channel.getClass());
    }
    if (position < 0 || sizeBytes < 0) {
      throw new IllegalArgumentException(
          "slice of " + sizeBytes + " bytes at position " + position);
    }
    this.channel = channel;
    this.position = position;
    this.sizeBytes = sizeBytes;
    this.release = Objects.requireNonNull(release);
  }

  @Override
  public int sizeInBytes() {
    return sizeBytes;
  }

  /** Kafka's own network classes are not used: always throws. */
  @Override
  public RecordsSend<? extends BaseRecords> toSend() {
    throw new UnsupportedOperationException("a file slice is sent by MessageEncoder");
  }

  @Override
  public String toString() {
    return "FileSlice(position=" + position + ", sizeBytes=" + sizeBytes + ")";
  }

  /** Gives every file slice of a response back that will not be sent. */
  public static void releaseAll(AbstractResponse response) {
    if (response instanceof FetchResponse fetch) {
      for (FetchResponseData.FetchableTopicResponse topic : fetch.data().responses()) {
        for (FetchResponseData.PartitionData partition : topic.partitions()) {
          if (partition.records() instanceof FileSlice slice) {
            slice.release();
          }
        }
      }
    }
  }

  FileChannel channel() {
    return channel;
  }

  long position() {
    return position;
  }

  void release() {
    if (released.compareAndSet(false, true)) {
      release.run();
    }
  }
}
