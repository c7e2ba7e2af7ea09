package io.vitrine.storage.inspect;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes in words: as text where they are text, else in hexadecimal; never very long. */
final class Words {
  private static final int LONGEST = 120;

  private Words() {}

  static String of(ByteBuffer bytes) {
    if (bytes == null) {
      return "null";
    }
    String text = text(bytes.duplicate());
    if (text == null) {
      byte[] first = new byte[Math.min(bytes.remaining(), LONGEST / 2)];
      bytes.duplicate().get(first);
      text = "0x" + HexFormat.of().formatHex(first);
      return first.length < bytes.remaining() ? text + "… " + bytes.remaining() + " bytes" : text;
    }
    return text.length() <= LONGEST
        ? text
        : text.substring(0, LONGEST) + "… " + bytes.remaining() + " bytes";
  }

  /** Null when the bytes are no printable text. */
  private static String text(ByteBuffer bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(bytes)
              .toString();
      boolean printable =
          text.codePoints().allMatch(c -> !Character.isISOControl(c) || c == '\n' || c == '\t');
      return printable ? text.replace("\n", "\\n").replace("\t", "\\t") : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
