package io.vitrine.console.storage;

import io.vitrine.console.live.Facts;
import io.vitrine.console.live.Facts.Fact;
import io.vitrine.console.live.FactsSource;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The facts of a folder from disk. Needs no toolkit and reads nothing. */
public final class StorageFacts implements FactsSource {
  private final Messages texts;

  /** Facts in this language. */
  public StorageFacts(Locale locale) {
    this.texts = Messages.of(StorageFacts.class, locale);
  }

  @Override
  public Optional<Facts> facts(Selection.Item item, Frame frame) {
    if (item instanceof Selection.Folder folder) {
      return Optional.of(
          new Facts(
              String.valueOf(folder.path().getFileName()),
              texts.get("pill-folder"),
              List.of(new Fact(texts.get("fact-path"), folder.path().toString())),
              List.of(),
              texts.get("folder-rule")));
    }
    return Optional.empty();
  }
}
