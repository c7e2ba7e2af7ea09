package io.vitrine.console.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words and settings are found by their names in either language. */
class ArticlesTest {
  private final Articles english = new Articles(Locale.ENGLISH);
  private final Articles korean = new Articles(Locale.KOREAN);

  @ParameterizedTest
  @EnumSource(Term.class)
  void everyTermHasItsNameInBothLanguages(Term term) {
    Article one = english.find("term:" + term.key()).orElseThrow();
    Article other = korean.find("term:" + term.key()).orElseThrow();

    assertThat(one.name()).isEqualTo(other.other());
    assertThat(one.other()).isEqualTo(other.name());
    assertThat(other.name()).as("in Korean").isNotEqualTo(one.name());
    assertThat(other.text()).matches("(?s).*[가-힣].*");
  }

  @ParameterizedTest
  @EnumSource(Term.class)
  void theSettingsOfATermExist(Term term) {
    assertThat(term.settings()).allSatisfy(s -> assertThat(english.setting(s)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tombstone", "툼스톤", "TOMB"})
  void aTermIsFoundByEitherName(String typed) {
    assertThat(english.terms().stream().filter(a -> a.isCalled(typed)))
        .extracting(Article::id)
        .containsExactly("term:tombstone");
  }

  @Test
  void aSettingShowsRawAndHumanValues() {
    Article retention = english.setting("retention.ms").orElseThrow();

    assertThat(retention.other()).isEqualTo("Topic setting");
    assertThat(retention.facts())
        .contains(
            new Article.Line("Default", "604800000  (7 days)"),
            new Article.Line("Default comes from the broker's", "log.retention.ms"));
    assertThat(korean.setting("retention.ms").orElseThrow().facts())
        .contains(new Article.Line("기본값", "604800000  (7일)"));
  }

  @Test
  void theLargestNumberReadsNever() {
    assertThat(english.setting("flush.ms").orElseThrow().facts())
        .contains(new Article.Line("Default", "9223372036854775807  (never)"));
  }

  @Test
  void noTwoArticlesShareAnId() {
    assertThat(english.settings()).extracting(Article::id).doesNotHaveDuplicates();
    assertThat(english.terms()).hasSize(Term.values().length);
    assertThat(Arrays.stream(Term.values()).map(Term::view)).doesNotContainNull();
  }
}
