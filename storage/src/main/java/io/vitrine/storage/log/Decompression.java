package io.vitrine.storage.log;

import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Opens compressed records, of which nothing is known yet, with Kafka's codecs: none of them then
 * holds more than a few megabytes beyond what is there.
 */
public final class Decompression {
  private Decompression() {}

  /**
   * The decompressed bytes.
   *
   * @param payload from position to limit; not moved
   * @param magic of the batch or message they are in
   * @throws InvalidRecordException when they announce more than they can hold
   * @throws KafkaException when they do not begin as the codec's do
   */
  public static InputStream open(
      CompressionType codec, ByteBuffer payload, byte magic, BufferSupplier buffers) {
    if (codec == CompressionType.SNAPPY && !SnappyChunks.sound(payload)) {
      throw new InvalidRecordException("a chunk of Snappy announces more than it can hold");
    }
    return Compression.of(codec).build().wrapForInput(payload.duplicate(), magic, buffers);
  }

  /**
   * What an Error met while decompressing stands for: Snappy says by one of its own that bytes are
   * not its. Those of the virtual machine are thrown on.
   */
  public static KafkaException failed(Error e) {
    if (e instanceof VirtualMachineError || e instanceof LinkageError) {
      throw e;
    }
    return new KafkaException("a batch cannot be decompressed", e);
  }
}
