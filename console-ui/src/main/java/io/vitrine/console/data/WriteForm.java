package io.vitrine.console.data;

import io.vitrine.cluster.data.DataCommandLine;
import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.Encoding;
import io.vitrine.cluster.data.NewRecord;
import io.vitrine.cluster.data.RecordSource;
import io.vitrine.cluster.data.SendOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.common.utils.Utils;

/**
 * What the operator filled in to write one record, or many that differ by their number. Needs no
 * toolkit.
 *
 * @param partition the key decides when empty
 * @param key no key when empty
 * @param value a tombstone when empty
 * @param headers a line each, name and value with a colon between; without a colon, a null value
 * @param count how many, as typed; {@value #NUMBER} in key and value stands for the number, from 1
 */
record WriteForm(
    String topic,
    Optional<Integer> partition,
    SendOrder.Acks acks,
    Optional<String> key,
    Encoding keyEncoding,
    Optional<String> value,
    Encoding valueEncoding,
    String headers,
    String count) {
  /** Stands for the record's number. */
  static final String NUMBER = "{n}";

  /** More in one go would be a load test, for which there are tools. */
  static final long MOST = 10_000_000;

  /** What is to be written. */
  SendOrder order() throws WrongInput {
    if (topic.isEmpty()) {
      throw new WrongInput("wrong-topic", "");
    }
    List<DataRecord.Header> lines = headerLines();
    record(1, lines);
    return new SendOrder(
        topic,
        acks,
        RecordSource.of(
            number(),
            index -> {
              try {
                return record(index + 1, lines);
              } catch (WrongInput e) {
                throw new IllegalStateException("record " + (index + 1) + ": " + e.getMessage(), e);
              }
            }));
  }

  /** How many records. */
  long number() throws WrongInput {
    try {
      long number = Long.parseLong(count.trim().replace(",", ""));
      if (number >= 1 && number <= MOST) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new WrongInput("wrong-number", count);
  }

  /**
   * Where Kafka's default partitioner puts the first record: the hash of the key, made positive,
   * modulo the partitions.
   *
   * @return empty without a key, or when the key cannot be
   */
  OptionalInt partitionOfKey(int partitions) {
    try {
      byte[] bytes = bytes(key, keyEncoding, 1, "wrong-key");
      return bytes == null || partitions < 1
          ? OptionalInt.empty()
          : OptionalInt.of(Utils.toPositive(Utils.murmur2(bytes)) % partitions);
    } catch (WrongInput e) {
      return OptionalInt.empty();
    }
  }

  /** The equivalent command line; bytes that are no text stand there as typed. */
  String commandLine(String bootstrap) throws WrongInput {
    return DataCommandLine.send(
        topic,
        partition,
        key.orElse(null),
        value.orElse(null),
        headerLines(),
        acks,
        number(),
        bootstrap);
  }

  private NewRecord record(long number, List<DataRecord.Header> lines) throws WrongInput {
    return new NewRecord(
        partition,
        Optional.empty(),
        bytes(key, keyEncoding, number, "wrong-key"),
        bytes(value, valueEncoding, number, "wrong-value"),
        lines);
  }

  private static byte[] bytes(Optional<String> text, Encoding by, long number, String wrong)
      throws WrongInput {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return by.encode(text.get().replace(NUMBER, Long.toString(number)));
    } catch (IllegalArgumentException e) {
      throw new WrongInput(wrong, e.getMessage());
    }
  }

  private List<DataRecord.Header> headerLines() throws WrongInput {
    List<DataRecord.Header> all = new ArrayList<>();
    for (String line : headers.lines().filter(each -> !each.isBlank()).toList()) {
      int colon = line.indexOf(':');
      String name = (colon < 0 ? line : line.substring(0, colon)).trim();
      if (name.isEmpty()) {
        throw new WrongInput("wrong-header", line);
      }
      all.add(
          new DataRecord.Header(
              name,
              colon < 0
                  ? null
                  : line.substring(colon + 1).trim().getBytes(StandardCharsets.UTF_8)));
    }
    return all;
  }
}
