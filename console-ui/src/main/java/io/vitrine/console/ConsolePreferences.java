package io.vitrine.console;

import io.vitrine.console.setting.ConsoleSettings;
import io.vitrine.console.setting.ConsoleSettings.Dress;
import io.vitrine.console.text.Messages;
import io.vitrine.console.theme.Theme;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the console remembers between two starts: language, theme, motion, pinned charts, whether
 * the invitation was skipped.
 *
 * <p>A file that cannot be read counts as empty, one that cannot be written is logged: neither may
 * keep the console from working. Writing happens on the caller's thread; not the JavaFX thread's.
 */
final class ConsolePreferences {
  private static final Logger LOG = LoggerFactory.getLogger(ConsolePreferences.class);
  private static final String LANGUAGE = "language";
  private static final String THEME = "theme";
  private static final String MOTION = "motion";
  private static final String INVITATION_SKIPPED = "invitation.skipped";
  private static final String PINNED = "metrics.pinned";

  private final Path file;
  private final Properties values = new Properties();

  /**
   * Reads them.
   *
   * @param file kept between starts; need not exist
   */
  ConsolePreferences(Path file) {
    this.file = file;
    if (Files.isReadable(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        values.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        LOG.warn("{} is not read: {}", file, e.toString());
      }
    }
  }

  synchronized Locale locale(Locale system) {
    String language = values.getProperty(LANGUAGE);
    return Messages.known(language == null ? system : Locale.forLanguageTag(language));
  }

  synchronized void speak(Locale locale) {
    values.setProperty(LANGUAGE, locale.getLanguage());
  }

  /** The remembered theme, else what the desktop's environment tells, else light. */
  synchronized Theme.Kind theme(Map<String, String> environment) {
    String kind = values.getProperty(THEME);
    if (kind != null) {
      return kind.equals("dark") ? Theme.Kind.DARK : Theme.Kind.LIGHT;
    }
    return environment.getOrDefault("GTK_THEME", "").toLowerCase(Locale.ROOT).contains("dark")
        ? Theme.Kind.DARK
        : Theme.Kind.LIGHT;
  }

  synchronized void wear(Theme.Kind kind) {
    values.setProperty(THEME, kind.name().toLowerCase(Locale.ROOT));
  }

  /** All of them as the settings view shows them. */
  synchronized ConsoleSettings settings(Locale system) {
    String kind = values.getProperty(THEME);
    return new ConsoleSettings(
        locale(system),
        kind == null ? Dress.SYSTEM : kind.equals("dark") ? Dress.DARK : Dress.LIGHT,
        motion(),
        invited());
  }

  /** Takes what the settings view was told. */
  synchronized void keep(ConsoleSettings settings) {
    speak(settings.language());
    if (settings.dress() == Dress.SYSTEM) {
      values.remove(THEME);
    } else {
      wear(settings.dress() == Dress.DARK ? Theme.Kind.DARK : Theme.Kind.LIGHT);
    }
    values.setProperty(MOTION, Boolean.toString(settings.motion()));
    values.setProperty(INVITATION_SKIPPED, Boolean.toString(!settings.invitation()));
  }

  /** Whether streams may move: what was chosen, else what the program was started with. */
  synchronized boolean motion() {
    String motion = values.getProperty(MOTION);
    return motion == null
        ? !Boolean.getBoolean("vitrine.reducedMotion")
        : Boolean.parseBoolean(motion);
  }

  synchronized boolean invited() {
    return !Boolean.parseBoolean(values.getProperty(INVITATION_SKIPPED));
  }

  synchronized void invitationSkipped() {
    values.setProperty(INVITATION_SKIPPED, "true");
  }

  /** Ids of pinned charts. */
  synchronized Set<String> pinned() {
    return Set.of(values.getProperty(PINNED, "").split(","));
  }

  synchronized void pin(Set<String> charts) {
    values.setProperty(PINNED, String.join(",", charts));
  }

  /** Writes them. */
  synchronized void save() {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
        values.store(writer, null);
      }
    } catch (IOException e) {
      LOG.warn("{} is not written: {}", file, e.toString());
    }
  }
}
