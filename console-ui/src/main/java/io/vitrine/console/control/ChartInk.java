package io.vitrine.console.control;

import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Typeface and colours of charts, as JFreeChart wants them. Immutable, but for what AWT keeps of a
 * typeface.
 */
public final class ChartInk {
  private static final float SIZE = 11;
  private static final String TYPEFACE = "fonts/Pretendard-Regular.otf";

  private final Theme theme;
  private final Font font;

  private ChartInk(Theme theme, Font font) {
    this.theme = theme;
    this.font = font;
  }

  /**
   * Reads the bundled typeface, which takes some hundred milliseconds the first time: not for the
   * JavaFX thread.
   *
   * @throws IOException when this machine cannot show it; says why
   */
  public static ChartInk load(Theme theme) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Theme.class.getResourceAsStream(TYPEFACE), TYPEFACE)) {
      return new ChartInk(theme, Font.createFont(Font.TRUETYPE_FONT, in).deriveFont(SIZE));
    } catch (FontFormatException e) {
      throw new IOException(TYPEFACE + " cannot be used: " + e.getMessage(), e);
    } catch (LinkageError | RuntimeException e) {
      // A Java without the system's libraries for typefaces fails in its own ways.
      throw new IOException("This Java has no typefaces: " + e, e);
    }
  }

  Theme theme() {
    return theme;
  }

  Font font() {
    return font;
  }

  Color colour(Token token) {
    return colour(theme.colour(token), 1);
  }

  /** A colour of the screen, as AWT has it. */
  static Color colour(javafx.scene.paint.Color colour, double opacity) {
    return new Color(
        (float) colour.getRed(),
        (float) colour.getGreen(),
        (float) colour.getBlue(),
        (float) (colour.getOpacity() * opacity));
  }
}
