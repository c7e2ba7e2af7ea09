package io.vitrine.console.theme;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.scene.Scene;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;

/**
 * Light or dark: its colours for canvases and its style sheets for scenes. Immutable.
 *
 * <p>Colours are named by role, never by hue. A token {@code ON_ACCENT} is {@code -v-on-accent} in
 * the style sheet.
 */
public final class Theme {
  /** The bundled typeface, with Hangul. */
  public static final String FAMILY = "Pretendard";

  private static final String STRONG_FAMILY = "Pretendard SemiBold";

  private static final Pattern TOKEN = Pattern.compile("-v-([a-z0-9-]+)\\s*:\\s*(#[0-9a-fA-F]{6})");

  /** Which of the two. */
  public enum Kind {
    LIGHT,
    DARK
  }

  /** What a colour is for. */
  public enum Token {
    /** Behind everything. */
    BACKGROUND,
    /** Cards, tables, bars. */
    SURFACE,
    /** Wells: tracks of bars and lanes. */
    SUNKEN,
    LINE,
    TEXT,
    MUTED,
    /** What is chosen, what can be clicked. */
    ACCENT,
    ON_ACCENT,
    OK,
    WARN,
    BAD,
    /** Gone or unknown. */
    IDLE,
    /** Records below the high watermark. */
    COMMITTED,
    /** Records between high watermark and log end. */
    UNCOMMITTED,
    EPOCH_A,
    EPOCH_B,
    EPOCH_C,
    EPOCH_D
  }

  private final Kind kind;
  private final Map<Token, Color> colours = new EnumMap<>(Token.class);

  private Theme(Kind kind) {
    this.kind = kind;
    Matcher matcher = TOKEN.matcher(read(sheet()));
    while (matcher.find()) {
      String name = matcher.group(1).toUpperCase(Locale.ROOT).replace('-', '_');
      colours.put(Token.valueOf(name), Color.web(matcher.group(2)));
    }
    for (Token token : Token.values()) {
      if (!colours.containsKey(token)) {
        throw new IllegalStateException(sheet() + " has no colour for " + token);
      }
    }
  }

  /** The theme of this kind. */
  public static Theme of(Kind kind) {
    return new Theme(kind);
  }

  /** Loads the bundled fonts; to be called once, before the first scene is styled. */
  public static void loadFonts() {
    for (String file : new String[] {"Pretendard-Regular.otf", "Pretendard-SemiBold.otf"}) {
      try (InputStream in = Theme.class.getResourceAsStream("fonts/" + file)) {
        if (in == null || Font.loadFont(in, 13) == null) {
          throw new IllegalStateException("the bundled font " + file + " cannot be loaded");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Light or dark. */
  public Kind kind() {
    return kind;
  }

  /** The colour for this role. */
  public Color colour(Token token) {
    return colours.get(token);
  }

  /** The colour of a leader epoch; neighbours differ, far ones may repeat. */
  public Color epoch(int epoch) {
    Token[] ring = {Token.EPOCH_A, Token.EPOCH_B, Token.EPOCH_C, Token.EPOCH_D};
    return colour(ring[Math.floorMod(epoch, ring.length)]);
  }

  /** A font for canvases. */
  public static Font font(double size, boolean strong) {
    return Font.font(strong ? STRONG_FAMILY : FAMILY, size);
  }

  /** Dresses a scene. */
  public void apply(Scene scene) {
    scene.setUserAgentStylesheet(
        kind == Kind.DARK
            ? new PrimerDark().getUserAgentStylesheet()
            : new PrimerLight().getUserAgentStylesheet());
    scene.getStylesheets().setAll(url(sheet()), url("vitrine.css"));
    scene.setFill(colour(Token.BACKGROUND));
  }

  private String sheet() {
    return kind.name().toLowerCase(Locale.ROOT) + ".css";
  }

  private static String url(String name) {
    return Theme.class.getResource(name).toExternalForm();
  }

  private static String read(String name) {
    try (InputStream in = Theme.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
