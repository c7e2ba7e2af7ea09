package io.vitrine.console.reference;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is said of one term or setting. Needs no toolkit; immutable.
 *
 * @param id unique among all articles
 * @param name what it is called, a term in the console's language
 * @param other what a term is called in the other language, whose setting it is otherwise
 * @param text what it means
 * @param facts lines under the text, such as a setting's type and default
 * @param settings the names of the settings that belong to a term
 * @param view the view in which a term can be seen
 */
record Article(
    String id,
    String name,
    String other,
    String text,
    List<Line> facts,
    List<String> settings,
    Optional<String> view) {
  Article {
    facts = List.copyOf(facts);
    settings = List.copyOf(settings);
  }

  /** A line: what, and how much. */
  record Line(String label, String value) {}

  /** Whether each of these words is somewhere in its names or its text. */
  boolean has(String typed) {
    String all = (name + ' ' + other + ' ' + text).toLowerCase(Locale.ROOT);
    for (String word : typed.toLowerCase(Locale.ROOT).trim().split("\\s+")) {
      if (!all.contains(word)) {
        return false;
      }
    }
    return true;
  }

  /** Whether each of these words is in its names. */
  boolean isCalled(String typed) {
    return new Article(id, name, other, "", List.of(), List.of(), view).has(typed);
  }
}
