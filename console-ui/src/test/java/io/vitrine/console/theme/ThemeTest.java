package io.vitrine.console.theme;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.console.theme.Theme.Token;
import java.util.stream.Stream;
import javafx.scene.paint.Color;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Words can be read in both themes: WCAG's contrast of 4.5 to 1. */
class ThemeTest {
  private static final double ENOUGH = 4.5;

  static Stream<Arguments> pairs() {
    return Stream.of(Theme.Kind.values())
        .flatMap(
            kind ->
                Stream.concat(
                    Stream.of(
                            Token.TEXT, Token.MUTED, Token.ACCENT, Token.OK, Token.WARN, Token.BAD)
                        .flatMap(
                            words ->
                                Stream.of(Token.BACKGROUND, Token.SURFACE)
                                    .map(ground -> Arguments.of(kind, words, ground))),
                    Stream.of(
                        Arguments.of(kind, Token.TEXT, Token.SUNKEN),
                        Arguments.of(kind, Token.MUTED, Token.SUNKEN),
                        Arguments.of(kind, Token.ON_ACCENT, Token.ACCENT),
                        // Numbers in marks.
                        Arguments.of(kind, Token.SURFACE, Token.OK),
                        Arguments.of(kind, Token.SURFACE, Token.BAD),
                        Arguments.of(kind, Token.SURFACE, Token.ACCENT))));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void wordsStandOutFromTheirGround(Theme.Kind kind, Token words, Token ground) {
    Theme theme = Theme.of(kind);

    assertThat(contrast(theme.colour(words), theme.colour(ground))).isGreaterThanOrEqualTo(ENOUGH);
  }

  private static double contrast(Color a, Color b) {
    double light = Math.max(luminance(a), luminance(b));
    double dark = Math.min(luminance(a), luminance(b));
    return (light + 0.05) / (dark + 0.05);
  }

  private static double luminance(Color colour) {
    return 0.2126 * linear(colour.getRed())
        + 0.7152 * linear(colour.getGreen())
        + 0.0722 * linear(colour.getBlue());
  }

  private static double linear(double channel) {
    return channel <= 0.03928 ? channel / 12.92 : Math.pow((channel + 0.055) / 1.055, 2.4);
  }
}
