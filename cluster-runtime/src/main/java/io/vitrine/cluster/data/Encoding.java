package io.vitrine.cluster.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How bytes of a key or value are read by people. Numbers are big endian, as Kafka's own
 * serializers write them.
 */
public enum Encoding {
  /** JSON or text where the bytes are UTF-8 without control characters, else hex. */
  AUTO,
  /** UTF-8. */
  TEXT,
  /** UTF-8 that is JSON; shown indented where there is room. */
  JSON,
  HEX,
  BASE64,
  /** 2 bytes. */
  SHORT,
  /** 4 bytes. */
  INTEGER,
  /** 8 bytes. */
  LONG,
  /** 4 bytes. */
  FLOAT,
  /** 8 bytes. */
  DOUBLE;

  private static final ObjectMapper JSON_READER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * The bytes as a line of text.
   *
   * @return empty when they are not of this encoding
   */
  public Optional<String> decode(byte[] bytes) {
    switch (this) {
      case AUTO:
        return Optional.of(guess(bytes).decode(bytes).orElseThrow());
      case TEXT:
        return utf8(bytes);
      case JSON:
        return utf8(bytes).filter(Encoding::isJson);
      case HEX:
        return Optional.of(HexFormat.of().formatHex(bytes));
      case BASE64:
        return Optional.of(Base64.getEncoder().encodeToString(bytes));
      case SHORT:
        return sized(bytes, Short.BYTES).map(b -> Short.toString(b.getShort()));
      case INTEGER:
        return sized(bytes, Integer.BYTES).map(b -> Integer.toString(b.getInt()));
      case LONG:
        return sized(bytes, Long.BYTES).map(b -> Long.toString(b.getLong()));
      case FLOAT:
        return sized(bytes, Float.BYTES).map(b -> Float.toString(b.getFloat()));
      default:
        return sized(bytes, Double.BYTES).map(b -> Double.toString(b.getDouble()));
    }
  }

  /**
   * The bytes of a text.
   *
   * @throws IllegalArgumentException saying why it cannot be of this encoding
   */
  public byte[] encode(String text) {
    try {
      switch (this) {
        case HEX:
          return HexFormat.of().parseHex(text.replaceAll("[\\s:]", ""));
        case BASE64:
          return Base64.getDecoder().decode(text.trim());
        case SHORT:
          return ByteBuffer.allocate(Short.BYTES).putShort(Short.parseShort(text.trim())).array();
        case INTEGER:
          return ByteBuffer.allocate(Integer.BYTES).putInt(Integer.parseInt(text.trim())).array();
        case LONG:
          return ByteBuffer.allocate(Long.BYTES).putLong(Long.parseLong(text.trim())).array();
        case FLOAT:
          return ByteBuffer.allocate(Float.BYTES).putFloat(Float.parseFloat(text.trim())).array();
        case DOUBLE:
          return ByteBuffer.allocate(Double.BYTES)
              .putDouble(Double.parseDouble(text.trim()))
              .array();
        case JSON:
          JSON_READER.readTree(text);
          return text.getBytes(StandardCharsets.UTF_8);
        default:
          return text.getBytes(StandardCharsets.UTF_8);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** What {@link #AUTO} takes these bytes for: {@link #JSON}, {@link #TEXT} or {@link #HEX}. */
  public static Encoding guess(byte[] bytes) {
    Optional<String> text = utf8(bytes).filter(Encoding::printable);
    return text.isEmpty()
        ? HEX
        : text.filter(Encoding::looksLikeJson).filter(Encoding::isJson).isPresent() ? JSON : TEXT;
  }

  /** JSON with a line for each field; what is not JSON stays as it is. */
  public static String indented(String json) {
    try {
      return JSON_READER
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(JSON_READER.readTree(json));
    } catch (JsonProcessingException e) {
      return json;
    }
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return Optional.of(text.toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean printable(String text) {
    return text.chars().noneMatch(c -> c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7F);
  }

  /** A bare number or word is JSON as well, but nobody means it so. */
  private static boolean looksLikeJson(String text) {
    String trimmed = text.trim();
    return trimmed.startsWith("{") || trimmed.startsWith("[");
  }

  private static boolean isJson(String text) {
    try {
      return !JSON_READER.readTree(text).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static Optional<ByteBuffer> sized(byte[] bytes, int size) {
    return bytes.length == size ? Optional.of(ByteBuffer.wrap(bytes)) : Optional.empty();
  }
}
