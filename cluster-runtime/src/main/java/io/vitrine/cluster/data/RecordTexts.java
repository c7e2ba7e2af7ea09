package io.vitrine.cluster.data;

import io.vitrine.cluster.group.OffsetsTopicText;
import io.vitrine.cluster.transaction.TransactionTopicText;
import java.util.Optional;
import org.apache.kafka.common.internals.Topic;

/**
 * What keys and values say, by two encodings; immutable.
 *
 * <p>With {@link Encoding#AUTO} the records of {@code __consumer_offsets} and {@code
 * __transaction_state} are told as JSON of Kafka's own fields. Bytes that are not of the encoding
 * are shown as hex and marked.
 */
public record RecordTexts(Encoding key, Encoding value) {
  /** Guesses everything. */
  public static final RecordTexts AUTO = new RecordTexts(Encoding.AUTO, Encoding.AUTO);

  /** How a text came about. */
  public enum Kind {
    JSON,
    TEXT,
    HEX,
    BASE64,
    /** A number. */
    NUMBER,
    /** A record of Kafka's own, told as JSON. */
    INTERNAL,
    /** Not of the encoding asked for, so in hex. */
    MISFIT,
    /** There are no bytes. */
    NONE
  }

  /** A text and how it came about; empty when there are no bytes. */
  public record Text(String text, Kind kind) {}

  /** What the key says. */
  public Text key(DataRecord record) {
    if (record.key() != null && key == Encoding.AUTO) {
      String topic = record.partition().topic();
      if (topic.equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
        return internal(OffsetsTopicText.key(record.key()), record.key());
      }
      if (topic.equals(Topic.TRANSACTION_STATE_TOPIC_NAME)) {
        return internal(TransactionTopicText.key(record.key()), record.key());
      }
    }
    return text(record.key(), key);
  }

  /** What the value says. */
  public Text value(DataRecord record) {
    if (record.value() != null && record.key() != null && value == Encoding.AUTO) {
      String topic = record.partition().topic();
      if (topic.equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
        return internal(OffsetsTopicText.value(record.key(), record.value()), record.value());
      }
      if (topic.equals(Topic.TRANSACTION_STATE_TOPIC_NAME)) {
        return internal(TransactionTopicText.value(record.key(), record.value()), record.value());
      }
    }
    return text(record.value(), value);
  }

  /** What a header says; its encoding is always guessed. */
  public static Text header(DataRecord.Header header) {
    return text(header.value(), Encoding.AUTO);
  }

  private static Text internal(Optional<String> told, byte[] bytes) {
    return told.map(text -> new Text(text, Kind.INTERNAL))
        .orElseGet(() -> new Text(Encoding.HEX.decode(bytes).orElseThrow(), Kind.MISFIT));
  }

  private static Text text(byte[] bytes, Encoding by) {
    if (bytes == null) {
      return new Text("", Kind.NONE);
    }
    Encoding used = by == Encoding.AUTO ? Encoding.guess(bytes) : by;
    return used.decode(bytes)
        .map(text -> new Text(text, kind(used)))
        .orElseGet(() -> new Text(Encoding.HEX.decode(bytes).orElseThrow(), Kind.MISFIT));
  }

  private static Kind kind(Encoding used) {
    switch (used) {
      case JSON:
        return Kind.JSON;
      case TEXT:
        return Kind.TEXT;
      case HEX:
        return Kind.HEX;
      case BASE64:
        return Kind.BASE64;
      default:
        return Kind.NUMBER;
    }
  }
}
