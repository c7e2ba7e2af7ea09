package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.console.setting.ConsoleSettings;
import io.vitrine.console.setting.ConsoleSettings.Dress;
import io.vitrine.console.theme.Theme;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was chosen once is there at the next start. */
class ConsolePreferencesTest {
  @TempDir private Path folder;

  @Test
  void whoChoseNothingGetsTheSystemsLanguageAndTheme() {
    ConsolePreferences fresh = open();

    assertThat(fresh.settings(Locale.KOREA))
        .isEqualTo(new ConsoleSettings(Locale.KOREAN, Dress.SYSTEM, true, true));
    assertThat(fresh.theme(Map.of("GTK_THEME", "Adwaita:dark"))).isEqualTo(Theme.Kind.DARK);
    assertThat(fresh.theme(Map.of())).isEqualTo(Theme.Kind.LIGHT);
  }

  @Test
  void settingsAreKept() {
    ConsoleSettings wanted = new ConsoleSettings(Locale.KOREAN, Dress.DARK, false, false);
    ConsolePreferences before = open();
    before.keep(wanted);
    before.save();

    ConsolePreferences after = open();
    assertThat(after.settings(Locale.ENGLISH)).isEqualTo(wanted);
    assertThat(after.motion()).isFalse();
    assertThat(after.invited()).isFalse();
    assertThat(after.theme(Map.of())).isEqualTo(Theme.Kind.DARK);
  }

  @Test
  void theDesktopsThemeCanBeChosenAgain() {
    ConsolePreferences preferences = open();
    preferences.wear(Theme.Kind.LIGHT);
    preferences.keep(preferences.settings(Locale.ENGLISH).wearing(Dress.SYSTEM));

    assertThat(preferences.theme(Map.of("GTK_THEME", "dark"))).isEqualTo(Theme.Kind.DARK);
  }

  private ConsolePreferences open() {
    return new ConsolePreferences(folder.resolve("console.properties"));
  }
}
