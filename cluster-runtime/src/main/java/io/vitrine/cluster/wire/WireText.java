package io.vitrine.cluster.wire;

import java.util.List;
import java.util.Locale;

/** Messages as text that other tools read. Stateless. */
public final class WireText {
  private static final int BYTES_A_LINE = 16;

  private WireText() {}

  /** Bytes as hex digits, sixteen a line, with their offsets and as ASCII, as {@code xxd} does. */
  public static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < bytes.length; line += BYTES_A_LINE) {
      text.append(String.format(Locale.ROOT, "%08x:", line));
      StringBuilder ascii = new StringBuilder();
      for (int i = line; i < line + BYTES_A_LINE; i++) {
        if (i % 2 == 0) {
          text.append(' ');
        }
        if (i < bytes.length) {
          text.append(String.format(Locale.ROOT, "%02x", bytes[i]));
          ascii.append(bytes[i] >= ' ' && bytes[i] <= '~' ? (char) bytes[i] : '.');
        } else {
          text.append("  ");
        }
      }
      text.append("  ").append(ascii).append('\n');
    }
    return text.toString();
  }

  /**
   * An exchange as one JSON object: who asked whom, the times in nanoseconds, and the fields of
   * both messages by Kafka's names.
   */
  public static String json(
      WireExchange exchange, List<WireField> request, List<WireField> answer) {
    StringBuilder json = new StringBuilder("{");
    pair(json, "broker", Integer.toString(exchange.brokerId())).append(',');
    pair(json, "timestamp", Long.toString(exchange.wallMs())).append(',');
    pair(json, "api", quoted(exchange.api())).append(',');
    pair(json, "version", Integer.toString(exchange.version())).append(',');
    pair(json, "correlationId", Integer.toString(exchange.correlationId())).append(',');
    pair(json, "clientId", quoted(exchange.clientId())).append(',');
    pair(json, "connection", quoted(exchange.connectionId())).append(',');
    pair(json, "principal", quoted(exchange.principal())).append(',');
    pair(json, "state", quoted(exchange.state().name())).append(',');
    WireTimes times = exchange.times();
    pair(
            json,
            "nanos",
            String.format(
                Locale.ROOT,
                "{\"queue\":%d,\"local\":%d,\"remote\":%d,\"throttle\":%d,\"responseQueue\":%d,"
                    + "\"send\":%d,\"total\":%d}",
                times.queueNanos(),
                times.localNanos(),
                times.remoteNanos(),
                times.throttleNanos(),
                times.responseQueueNanos(),
                times.sendNanos(),
                times.totalNanos()))
        .append(',');
    json.append("\"request\":");
    struct(json, request);
    json.append(",\"response\":");
    struct(json, answer);
    return json.append('}').toString();
  }

  private static void struct(StringBuilder json, List<WireField> fields) {
    json.append('{');
    String comma = "";
    for (WireField field : fields) {
      json.append(comma).append(quoted(field.name())).append(':');
      value(json, field);
      comma = ",";
    }
    json.append('}');
  }

  private static void value(StringBuilder json, WireField field) {
    switch (field.kind()) {
      case NUMBER, BOOLEAN -> json.append(field.value());
      case TEXT, BYTES -> json.append(quoted(field.value()));
      case NULL, CUT -> json.append("null");
      case STRUCT -> struct(json, field.children());
      case ARRAY -> {
        json.append('[');
        String comma = "";
        for (WireField child : field.children()) {
          json.append(comma);
          value(json, child);
          comma = ",";
        }
        json.append(']');
      }
    }
  }

  private static StringBuilder pair(StringBuilder json, String name, String value) {
    return json.append(quoted(name)).append(':').append(value);
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
