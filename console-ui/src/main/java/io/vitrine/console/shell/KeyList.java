package io.vitrine.console.shell;

import io.vitrine.console.live.Screen.Key;
import io.vitrine.console.text.Messages;
import java.util.ArrayList;
import java.util.List;

/** All keys in words, in the order in which somebody learns them. Needs no toolkit. */
final class KeyList {
  /** Keys of one kind. */
  record Section(String title, List<Key> keys) {
    Section {
      keys = List.copyOf(keys);
    }
  }

  private KeyList() {}

  /**
   * The keys.
   *
   * @param view what the active view is called
   * @param own keys that do something there alone
   */
  static List<Section> of(Messages texts, String view, List<Key> own) {
    List<Section> sections = new ArrayList<>();
    sections.add(
        new Section(
            texts.get("keys-about"),
            List.of(
                key(texts, "Ctrl+K", "key-palette"),
                key(texts, "Ctrl+1 … 9, 0", "key-views"),
                key(texts, "Ctrl+Shift+1 … 9, 0", "key-beside"),
                key(texts, "Alt+←  Alt+→", "key-travel"),
                key(texts, "Ctrl+\\", "split"),
                key(texts, "F6", "key-other-pane"),
                key(texts, "Ctrl+I", "inspector-toggle"),
                key(texts, "Esc", "key-escape"))));
    sections.add(
        new Section(
            texts.get("keys-looking"),
            List.of(
                key(texts, "F1", "why"),
                key(texts, "/", "key-filter"),
                key(texts, "G", "key-go"),
                key(texts, texts.get("space"), "pause"),
                key(texts, ",   .", "key-step"),
                key(texts, "← →  PgUp PgDn  + −  Home End", "key-axis"))));
    sections.add(
        new Section(
            texts.get("keys-acting"),
            List.of(
                key(texts, "K", "key-kill"),
                key(texts, "S", "key-stop"),
                key(texts, "R", "key-restart"),
                key(texts, "E", "name-elect"),
                key(texts, "Ctrl+Shift+C", "copy-command"),
                key(texts, "?", "keys-title"))));
    if (!own.isEmpty()) {
      sections.add(new Section(view, own));
    }
    return List.copyOf(sections);
  }

  private static Key key(Messages texts, String keys, String textKey) {
    return new Key(keys, texts.get(textKey));
  }
}
