package io.vitrine.console.about;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Something of others that is part of this program.
 *
 * @param name the artifact's name, as its jar is called
 * @param version that is shipped
 * @param licence an SPDX expression
 * @param home where it comes from
 */
record Component(String name, String version, String licence, String home) {
  private static final String TABLE = "components.txt";

  /** All of them, by name. They stand in {@code components.txt}, which a test keeps true. */
  static List<Component> all() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Component.class.getResourceAsStream(TABLE), TABLE),
                StandardCharsets.UTF_8))) {
      return lines.lines().filter(l -> !l.startsWith("#")).map(Component::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Component parse(String line) {
    String[] words = line.split("\\|", -1);
    if (words.length != 4) {
      throw new IllegalStateException(TABLE + " has a line that is none: " + line);
    }
    return new Component(words[0], words[1], words[2], words[3]);
  }
}
