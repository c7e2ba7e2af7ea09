package io.vitrine.storage.log;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.record.CompressionType;

/**
 * {@code compression.type} of a topic: what its batches are compressed with on disk.
 *
 * @param fixed the codec with its level; null when the producer's own is kept
 */
public record TopicCompression(Compression fixed) {
  /** {@code compression.type=producer}. */
  public static final TopicCompression PRODUCER = new TopicCompression(null);

  /** {@code compression.type} by its value, with the level of the codec it names. */
  public static TopicCompression of(String type, int gzipLevel, int lz4Level, int zstdLevel) {
    return switch (type) {
      case "producer" -> PRODUCER;
      case "uncompressed" -> new TopicCompression(Compression.NONE);
      case "gzip" -> new TopicCompression(Compression.gzip().level(gzipLevel).build());
      case "lz4" -> new TopicCompression(Compression.lz4().level(lz4Level).build());
      case "zstd" -> new TopicCompression(Compression.zstd().level(zstdLevel).build());
      default -> new TopicCompression(Compression.of(type).build());
    };
  }

  /** The level a codec has when nobody names one. */
  public static int defaultLevel(String codec) {
    return CompressionType.forName(codec).defaultLevel();
  }

  /** Which levels a codec has. */
  public static ConfigDef.Validator levels(String codec) {
    return CompressionType.forName(codec).levelValidator();
  }

  /** The codec a producer's batch is to have. */
  CompressionType target(CompressionType producers) {
    return fixed == null ? producers : fixed.type();
  }

  /** How to write a producer's batch anew. */
  Compression codec(CompressionType producers) {
    return fixed == null ? Compression.of(producers).build() : fixed;
  }
}
