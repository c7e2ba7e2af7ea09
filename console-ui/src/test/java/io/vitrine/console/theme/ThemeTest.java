package io.vitrine.console.theme;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.console.theme.Theme.Token;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javafx.scene.paint.Color;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every token that is written or drawn stands out from every ground it may lie on, in both themes:
 * WCAG's 4.5 to 1 for words and 3 to 1 for marks.
 */
class ThemeTest {
  private static final double WORDS_STAND_OUT = 4.5;
  private static final double MARKS_STAND_OUT = 3.0;

  private static final Set<Token> GROUNDS =
      EnumSet.of(Token.BACKGROUND, Token.SURFACE, Token.SUNKEN);
  private static final Set<Token> WORDS =
      EnumSet.of(
          Token.TEXT, Token.MUTED, Token.ACCENT, Token.OK, Token.WARN, Token.BAD, Token.IDLE);
  private static final Set<Token> MARKS =
      EnumSet.of(Token.COMMITTED, Token.EPOCH_A, Token.EPOCH_B, Token.EPOCH_C, Token.EPOCH_D);

  /** Lies on the accent alone. */
  private static final Set<Token> ON_ACCENT = EnumSet.of(Token.ON_ACCENT);

  /** Divides what is told apart without it; or is hatched with COMMITTED, which carries it. */
  private static final Set<Token> QUIET = EnumSet.of(Token.LINE, Token.UNCOMMITTED);

  static Stream<Arguments> words() {
    return Stream.concat(
        pairs(WORDS, GROUNDS),
        Stream.concat(
            pairs(ON_ACCENT, EnumSet.of(Token.ACCENT)),
            // Numbers in marks.
            pairs(
                EnumSet.of(Token.SURFACE),
                EnumSet.of(Token.OK, Token.WARN, Token.BAD, Token.ACCENT, Token.IDLE))));
  }

  static Stream<Arguments> marks() {
    return pairs(MARKS, GROUNDS);
  }

  private static Stream<Arguments> pairs(Set<Token> above, Set<Token> below) {
    return Stream.of(Theme.Kind.values())
        .flatMap(
            kind -> above.stream().flatMap(a -> below.stream().map(b -> Arguments.of(kind, a, b))));
  }

  @ParameterizedTest
  @MethodSource("words")
  void wordsStandOutFromTheirGround(Theme.Kind kind, Token words, Token ground) {
    assertThat(contrast(kind, words, ground)).isGreaterThanOrEqualTo(WORDS_STAND_OUT);
  }

  @ParameterizedTest
  @MethodSource("marks")
  void marksStandOutFromTheirGround(Theme.Kind kind, Token mark, Token ground) {
    assertThat(contrast(kind, mark, ground)).isGreaterThanOrEqualTo(MARKS_STAND_OUT);
  }

  @Test
  void everyTokenHasOneUse() {
    assertThat(Stream.of(GROUNDS, WORDS, MARKS, ON_ACCENT, QUIET).flatMap(Set::stream).toList())
        .containsExactlyInAnyOrderElementsOf(List.of(Token.values()));
  }

  private static double contrast(Theme.Kind kind, Token a, Token b) {
    Theme theme = Theme.of(kind);
    double one = luminance(theme.colour(a));
    double other = luminance(theme.colour(b));
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
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
