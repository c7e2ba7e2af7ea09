package io.vitrine.cluster.data;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.internals.Topic;

/**
 * What a reading or a sending would be in a shell: with Apache Kafka's own tools where they can do
 * it, else with kcat, which can name a partition. Words a shell would take apart are quoted.
 */
public final class DataCommandLine {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");
  private static final String INTERNAL_FORMATTERS = "org.apache.kafka.tools.consumer.";

  private DataCommandLine() {}

  /** The reading, without what it looks for: the tools hand over everything. */
  public static String of(ReadQuery query, String bootstrap) {
    if (query.start() instanceof ReadQuery.Time
        || query.start() instanceof ReadQuery.Last
        || query.partition().isEmpty() && query.start() instanceof ReadQuery.Offset) {
      return kcat(query, bootstrap);
    }
    StringBuilder line =
        new StringBuilder("kafka-console-consumer.sh --bootstrap-server ")
            .append(server(bootstrap))
            .append(" --topic ")
            .append(quoted(query.topic()));
    query.partition().ifPresent(number -> line.append(" --partition ").append(number));
    if (query.start() instanceof ReadQuery.Offset offset) {
      line.append(" --offset ").append(offset.offset());
    } else if (query.start() instanceof ReadQuery.Beginning) {
      line.append(query.partition().isPresent() ? " --offset earliest" : " --from-beginning");
    }
    if (query.mostRead() != ReadQuery.UNLIMITED) {
      line.append(" --max-messages ").append(query.mostRead());
    } else if (!query.follow()) {
      line.append(" --timeout-ms 5000");
    }
    if (query.committedOnly()) {
      line.append(" --isolation-level read_committed");
    }
    return line.append(formatter(query.topic())).toString();
  }

  private static String formatter(String topic) {
    if (topic.equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
      return " --formatter " + INTERNAL_FORMATTERS + "OffsetsMessageFormatter";
    }
    if (topic.equals(Topic.TRANSACTION_STATE_TOPIC_NAME)) {
      return " --formatter " + INTERNAL_FORMATTERS + "TransactionLogMessageFormatter";
    }
    return " --property print.partition=true --property print.offset=true"
        + " --property print.timestamp=true --property print.headers=true"
        + " --property print.key=true";
  }

  private static String kcat(ReadQuery query, String bootstrap) {
    String start =
        query.start() instanceof ReadQuery.Time time
            ? "s@" + time.timestampMs()
            : query.start() instanceof ReadQuery.Last last
                ? "-" + last.offsets()
                : Long.toString(((ReadQuery.Offset) query.start()).offset());
    return "kcat -C -b "
        + server(bootstrap)
        + " -t "
        + quoted(query.topic())
        + query.partition().map(number -> " -p " + number).orElse("")
        + " -o "
        + start
        + (query.mostRead() == ReadQuery.UNLIMITED ? "" : " -c " + query.mostRead())
        + (query.follow() ? "" : " -e")
        + " -X isolation.level="
        + (query.committedOnly() ? "read_committed" : "read_uncommitted")
        + " -J";
  }

  /**
   * The sending of one record, whose texts are UTF-8; a key or value may be null. Of several,
   * {@code {n}} in key and value stands for the number, from 1.
   *
   * @param count how often
   */
  public static String send(
      String topic,
      Optional<Integer> partition,
      String key,
      String value,
      List<DataRecord.Header> headers,
      SendOrder.Acks acks,
      long count,
      String bootstrap) {
    StringBuilder shell = new StringBuilder();
    if (count > 1) {
      shell.append("for n in $(seq ").append(count).append("); do ");
    }
    if (value == null) {
      shell
          .append("printf '%s\\t\\n' ")
          .append(numbered(key == null ? "" : key, count))
          .append(" | ");
    }
    shell
        .append("kcat -P -b ")
        .append(server(bootstrap))
        .append(" -t ")
        .append(quoted(topic))
        .append(partition.map(number -> " -p " + number).orElse(""))
        .append(" -X acks=")
        .append(acks.setting());
    headers.forEach(
        header ->
            shell
                .append(" -H ")
                .append(quoted(header.key() + "=" + RecordTexts.header(header).text())));
    if (value == null) {
      shell.append(" -K '\\t' -Z");
    } else {
      // A file is one record to kcat, whatever lines it has.
      shell
          .append(key == null ? "" : " -k " + numbered(key, count))
          .append(" <(printf %s ")
          .append(numbered(value, count))
          .append(')');
    }
    return shell.append(count > 1 ? "; done" : "").toString();
  }

  /** The sending of a file. */
  public static String sendFile(
      String topic, String file, RecordFiles.Format format, SendOrder.Acks acks, String bootstrap) {
    String what =
        format == RecordFiles.Format.JSON_LINES
            ? "jq -r '[.key, .value] | @tsv' " + quoted(file)
            : "cat " + quoted(file);
    return what
        + " | kafka-console-producer.sh --bootstrap-server "
        + server(bootstrap)
        + " --topic "
        + quoted(topic)
        + " --producer-property acks="
        + acks.setting()
        + (format == RecordFiles.Format.VALUES ? "" : " --property parse.key=true");
  }

  private static String numbered(String text, long count) {
    return count > 1 ? quoted(text).replace("{n}", "'$n'") : quoted(text);
  }

  private static String server(String bootstrap) {
    return bootstrap.isEmpty() ? "localhost:9092" : bootstrap;
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
