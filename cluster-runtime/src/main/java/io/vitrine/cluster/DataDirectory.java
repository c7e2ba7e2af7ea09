package io.vitrine.cluster;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where this user's data belong on this operating system. */
public final class DataDirectory {
  private DataDirectory() {}

  /**
   * {@code $XDG_DATA_HOME/vitrine} or {@code ~/.local/share/vitrine}; on macOS {@code
   * ~/Library/Application Support/Vitrine}; on Windows {@code %LOCALAPPDATA%\Vitrine}.
   */
  public static Path ofUser() {
    return of(System.getProperty("os.name"), System.getProperty("user.home"), System.getenv());
  }

  static Path of(String osName, String userHome, Map<String, String> environment) {
    String os = osName.toLowerCase(Locale.ROOT);
    Path home = Path.of(userHome);
    if (os.contains("mac")) {
      return home.resolve("Library/Application Support/Vitrine");
    }
    if (os.contains("windows")) {
      String local = environment.get("LOCALAPPDATA");
      return (blank(local) ? home.resolve("AppData").resolve("Local") : Path.of(local))
          .resolve("Vitrine");
    }
    String xdg = environment.get("XDG_DATA_HOME");
    return (blank(xdg) ? home.resolve(".local/share") : Path.of(xdg)).resolve("vitrine");
  }

  private static boolean blank(String value) {
    return value == null || value.isBlank();
  }
}
