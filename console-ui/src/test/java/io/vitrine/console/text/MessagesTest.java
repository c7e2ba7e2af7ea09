package io.vitrine.console.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every text is there in both languages, well formed, and used. */
class MessagesTest {
  private static final Path RESOURCES = Path.of("src/main/resources/io/vitrine/console");
  private static final Path SOURCES = Path.of("src/main/java/io/vitrine/console");
  private static final Pattern ARGUMENT = Pattern.compile("\\{(\\d+)");
  private static final Pattern PREFIX = Pattern.compile("\"([a-z-]+-)\"");
  private static final Pattern LITERAL = Pattern.compile("\"([a-z0-9-]+)\"");

  static List<Path> folders() {
    try (Stream<Path> files = Files.walk(RESOURCES)) {
      return files
          .filter(f -> f.getFileName().toString().equals("messages_en.properties"))
          .map(Path::getParent)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void bothLanguagesHaveTheSameKeysAndArguments(Path folder) throws IOException {
    Map<String, Set<String>> english = arguments(load(folder, "en"));
    Map<String, Set<String>> korean = arguments(load(folder, "ko"));

    assertThat(korean).isEqualTo(english);
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyTextIsAWellFormedPatternInNfc(Path folder) throws IOException {
    for (String language : List.of("en", "ko")) {
      load(folder, language)
          .forEach(
              (key, text) -> {
                assertThat(new MessageFormat(text, Locale.ROOT).format(new Object[0])).isNotBlank();
                assertThat(Normalizer.isNormalized(text, Normalizer.Form.NFC)).isTrue();
                assertThat(text.replace("''", ""))
                    .as("%s in %s: a lone apostrophe swallows arguments", key, language)
                    .matches("(?s)[^']*(?:'\\{'[^']*'\\}'[^']*)*");
              });
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void everyTextIsUsed(Path folder) throws IOException {
    Path sources = SOURCES.resolve(RESOURCES.relativize(folder).toString());
    String code;
    try (Stream<Path> files = Files.list(sources)) {
      code =
          files
              .filter(f -> f.toString().endsWith(".java"))
              .map(MessagesTest::read)
              .collect(Collectors.joining());
    }
    Set<String> literals = matches(LITERAL, code);
    Set<String> prefixes = matches(PREFIX, code);
    Set<String> unused = new TreeSet<>();
    for (String key : load(folder, "en").keySet()) {
      boolean built =
          prefixes.stream().anyMatch(key::startsWith)
              || literals.stream().anyMatch(l -> key.equals(l + "-accessible"))
              || literals.stream().anyMatch(l -> key.equals("column-" + l));
      if (!literals.contains(key) && !built) {
        unused.add(key);
      }
    }
    assertThat(unused).isEmpty();
  }

  @Test
  void aMissingKeyIsAMistakeThatNamesItself() {
    Messages messages = Messages.of(Messages.class, Locale.ENGLISH);

    assertThatThrownBy(() -> messages.get("no-such-key"))
        .isInstanceOf(MissingResourceException.class)
        .hasMessageContaining("no-such-key")
        .hasMessageContaining("io.vitrine.console.text");
  }

  @Test
  void otherLanguagesGetEnglish() {
    assertThat(Messages.of(Messages.class, Locale.FRENCH).locale()).isEqualTo(Locale.ENGLISH);
    assertThat(Messages.of(Messages.class, Locale.KOREA).locale()).isEqualTo(Locale.KOREAN);
  }

  private static Map<String, Set<String>> arguments(Map<String, String> texts) {
    Map<String, Set<String>> found = new TreeMap<>();
    texts.forEach((key, text) -> found.put(key, matches(ARGUMENT, text)));
    return found;
  }

  private static Set<String> matches(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static Map<String, String> load(Path folder, String language) throws IOException {
    Properties properties = new Properties();
    try (Reader reader =
        Files.newBufferedReader(
            folder.resolve("messages_" + language + ".properties"), StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    Map<String, String> texts = new TreeMap<>();
    properties.forEach((key, text) -> texts.put(key.toString(), text.toString()));
    return texts;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
