package io.vitrine.console.reference;

import io.vitrine.console.control.CommandPalette;
import io.vitrine.console.text.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Terms and settings as the palette lists them, once somebody types. JavaFX thread only. */
public final class ReferenceEntries {
  private final Articles articles;
  private final Messages texts;
  private final Consumer<String> open;

  ReferenceEntries(Articles articles, Messages texts, Consumer<String> open) {
    this.articles = articles;
    this.texts = texts;
    this.open = open;
  }

  /** All of them, terms first. */
  public List<CommandPalette.Entry> all() {
    List<CommandPalette.Entry> all = new ArrayList<>();
    articles.terms().forEach(a -> all.add(entry(a, texts.get("kind-term"), a.other())));
    articles.settings().forEach(a -> all.add(entry(a, a.other(), a.text())));
    return all;
  }

  private CommandPalette.Entry entry(Article article, String kind, String detail) {
    return new CommandPalette.Entry(
        kind, article.name(), detail, "", true, () -> open.accept(article.id()));
  }
}
