package io.vitrine.cluster.data;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Looks for a text in records as they are shown; immutable.
 *
 * @param where which part is looked into
 * @param how what counts as found
 */
public record RecordFilter(Where where, How how, String text) {
  /** A part of a record. */
  public enum Where {
    /** Key, value, header names or header values. */
    ANYWHERE,
    KEY,
    VALUE,
    HEADERS
  }

  /** What counts as found. */
  public enum How {
    /** The text is somewhere in it, capitals or not. */
    CONTAINS,
    /** It is the text. */
    EQUALS,
    /** A regular expression matches somewhere in it. */
    REGEX
  }

  /**
   * Asks records.
   *
   * @throws IllegalArgumentException when the text is no regular expression and has to be one
   */
  public Predicate<DataRecord> by(RecordTexts texts) {
    if (text.isEmpty() && how != How.EQUALS) {
      return record -> true;
    }
    Predicate<String> found = found();
    return record ->
        (where == Where.KEY || where == Where.ANYWHERE)
                && record.key() != null
                && found.test(texts.key(record).text())
            || (where == Where.VALUE || where == Where.ANYWHERE)
                && record.value() != null
                && found.test(texts.value(record).text())
            || (where == Where.HEADERS || where == Where.ANYWHERE)
                && record.headers().stream()
                    .anyMatch(
                        header ->
                            found.test(header.key())
                                || header.value() != null
                                    && found.test(RecordTexts.header(header).text()));
  }

  private Predicate<String> found() {
    if (how == How.EQUALS) {
      return text::equals;
    }
    if (how == How.CONTAINS) {
      String small = text.toLowerCase(Locale.ROOT);
      return each -> each.toLowerCase(Locale.ROOT).contains(small);
    }
    try {
      Pattern pattern = Pattern.compile(text);
      return each -> pattern.matcher(each).find();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription(), e);
    }
  }
}
