package io.vitrine.console.reference;

import io.vitrine.cluster.KnownSetting;
import io.vitrine.console.reference.Article.Line;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that can be looked up, in one language. Needs no toolkit; immutable. */
final class Articles {
  private static final Comparator<Article> BY_NAME =
      Comparator.comparing(a -> a.name().toLowerCase(Locale.ROOT));

  private final Messages texts;
  private final Messages otherTexts;
  private final Quantities quantities;
  private final List<Article> terms;
  private final List<Article> settings;

  Articles(Locale locale) {
    this.texts = Messages.of(Articles.class, locale);
    this.otherTexts =
        Messages.of(
            Articles.class, texts.locale().equals(Locale.KOREAN) ? Locale.ENGLISH : Locale.KOREAN);
    this.quantities = new Quantities(locale);
    this.terms = Arrays.stream(Term.values()).map(this::term).sorted(BY_NAME).toList();
    this.settings = KnownSetting.all().stream().map(this::setting).toList();
  }

  /** All terms by their names. */
  List<Article> terms() {
    return terms;
  }

  /** All settings: topics' first, then brokers', by their names. */
  List<Article> settings() {
    return settings;
  }

  /** The article with this id, wherever it stands. */
  Optional<Article> find(String id) {
    return Stream.concat(terms.stream(), settings.stream())
        .filter(a -> a.id().equals(id))
        .findFirst();
  }

  /** The setting of this name; a topic's before a broker's. */
  Optional<Article> setting(String name) {
    return settings.stream().filter(a -> a.name().equals(name)).findFirst();
  }

  private Article term(Term term) {
    return new Article(
        "term:" + term.key(),
        texts.get("term-" + term.key()),
        otherTexts.get("term-" + term.key()),
        texts.get("meaning-" + term.key()),
        List.of(),
        term.settings(),
        Optional.of(term.view()));
  }

  private Article setting(KnownSetting setting) {
    boolean topic = setting.scope() == KnownSetting.Scope.TOPIC;
    List<Line> lines = new ArrayList<>();
    lines.add(new Line(texts.get("setting-type"), setting.type()));
    lines.add(
        new Line(
            texts.get("setting-default"),
            setting
                .standard()
                .map(v -> v.isEmpty() ? texts.get("setting-empty") : human(setting, v))
                .orElseGet(() -> texts.get("setting-none"))));
    setting
        .brokerSynonym()
        .ifPresent(name -> lines.add(new Line(texts.get("setting-synonym"), name)));
    return new Article(
        (topic ? "topic:" : "broker:") + setting.name(),
        setting.name(),
        texts.get(topic ? "scope-topic" : "scope-broker"),
        setting.documentation(),
        lines,
        List.of(),
        Optional.empty());
  }

  /** The raw value, with what people read beside it where it is a time or a size. */
  private String human(KnownSetting setting, String raw) {
    if (!raw.matches("-?\\d{4,18}") || raw.equals(Long.toString(Long.MAX_VALUE))) {
      return raw.equals(Long.toString(Long.MAX_VALUE))
          ? texts.get("value-human", raw, texts.get("value-never"))
          : raw;
    }
    long value = Long.parseLong(raw);
    if (setting.name().endsWith(".ms")) {
      return texts.get("value-human", raw, quantities.span(value));
    }
    return setting.name().endsWith(".bytes")
        ? texts.get("value-human", raw, quantities.byteLimit(value))
        : raw;
  }
}
