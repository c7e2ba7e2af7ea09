package io.vitrine.console.data;

import io.vitrine.console.text.Messages;

/** Something in a form that cannot be; the key of a text says what. */
final class WrongInput extends Exception {
  private static final long serialVersionUID = 1;

  private final String key;
  private final String detail;

  /**
   * @param key of a text of this package
   * @param detail fills {@code {0}}
   */
  WrongInput(String key, String detail) {
    super(key + ": " + detail);
    this.key = key;
    this.detail = detail;
  }

  String in(Messages texts) {
    return texts.get(key, detail);
  }
}
