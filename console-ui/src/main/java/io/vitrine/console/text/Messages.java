package io.vitrine.console.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.text.Normalizer;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.Properties;

/**
 * The texts of one package in one language.
 *
 * <p>A bundle is {@code messages_en.properties} or {@code messages_ko.properties} beside the
 * package, in UTF-8; every key is in both, which a test checks. Texts are {@link MessageFormat}
 * patterns and always formatted, so an apostrophe is written twice. Immutable.
 */
public final class Messages {
  private final String where;
  private final Locale locale;
  private final Properties texts;

  private Messages(String where, Locale locale, Properties texts) {
    this.where = where;
    this.locale = locale;
    this.texts = texts;
  }

  /**
   * The texts of a package.
   *
   * @param inPackage any class of it
   * @param locale Korean for {@code ko}, English for everything else
   * @throws MissingResourceException when the package has no bundle
   */
  public static Messages of(Class<?> inPackage, Locale locale) {
    Locale known = known(locale);
    String name = "messages_" + known.getLanguage() + ".properties";
    try (InputStream in = inPackage.getResourceAsStream(name)) {
      if (in == null) {
        throw new MissingResourceException(
            name + " is missing beside " + inPackage.getName(), inPackage.getName(), name);
      }
      Properties texts = new Properties();
      try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
        texts.load(reader);
      }
      return new Messages(inPackage.getPackageName(), known, texts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The language the console speaks for this locale. */
  public static Locale known(Locale locale) {
    return locale.getLanguage().equals("ko") ? Locale.KOREAN : Locale.ENGLISH;
  }

  /**
   * One text.
   *
   * @param arguments fill {@code {0}}, {@code {1}} …; numbers are grouped as the language does
   * @throws MissingResourceException when the key is missing, a mistake in the program
   */
  public String get(String key, Object... arguments) {
    String pattern = texts.getProperty(key);
    if (pattern == null) {
      throw new MissingResourceException(key + " has no text in " + where, where, key);
    }
    String text = new MessageFormat(pattern, locale).format(arguments);
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** The language of these texts. */
  public Locale locale() {
    return locale;
  }
}
