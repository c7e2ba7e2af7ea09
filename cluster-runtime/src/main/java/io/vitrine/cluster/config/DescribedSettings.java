package io.vitrine.cluster.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.CaseInsensitiveValidString;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.NonNullValidator;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;

/**
 * The settings of Kafka 3.9's brokers that this version checks and describes, but does not honour:
 * whoever asks for a broker's settings finds all that Apache Kafka would list. They stand in {@code
 * described-settings.txt}.
 */
final class DescribedSettings {
  private static final String TABLE = "described-settings.txt";
  private static final String NONE = "-";
  private static final String EMPTY = "''";
  private static final String DOCUMENTATION =
      "Has no effect in this version; see Apache Kafka's documentation of its meaning.";

  private DescribedSettings() {}

  /**
   * Adds them to those that are honoured.
   *
   * @throws org.apache.kafka.common.config.ConfigException when one of them is honoured as well
   */
  static ConfigDef addTo(ConfigDef definition) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(DescribedSettings.class.getResourceAsStream(TABLE), TABLE),
                StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> add(line, definition));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return definition;
  }

  private static void add(String line, ConfigDef definition) {
    Deque<String> words = new ArrayDeque<>(List.of(line.split(" ")));
    String name = words.remove();
    Type type = Type.valueOf(words.remove());
    boolean internal = words.element().equals("internal");
    if (internal) {
      words.remove();
    }
    Object value = value(words.remove());
    Validator check = check(words);
    if (internal) {
      definition.defineInternal(name, type, value, check, Importance.LOW, DOCUMENTATION);
    } else {
      definition.define(name, type, value, check, Importance.LOW, DOCUMENTATION);
    }
  }

  private static Object value(String word) {
    return switch (word) {
      case NONE -> null;
      case EMPTY -> "";
      default -> word;
    };
  }

  private static Validator check(Deque<String> words) {
    if (words.isEmpty()) {
      return null;
    }
    String kind = words.remove();
    return switch (kind) {
      case "given" -> new NonNullValidator();
      case "filled" -> new NonEmptyString();
      case "in" -> ValidString.in(words.remove().split("\\|"));
      case "either" -> CaseInsensitiveValidString.in(words.remove().split("\\|"));
      case "list" -> ValidList.in(words.remove().split("\\|"));
      default -> range(kind.split("\\.\\."));
    };
  }

  private static Range range(String[] bounds) {
    return bounds.length == 1
        ? Range.atLeast(number(bounds[0]))
        : Range.between(number(bounds[0]), number(bounds[1]));
  }

  private static Number number(String text) {
    return text.contains(".") ? (Number) Double.valueOf(text) : Long.valueOf(text);
  }
}
