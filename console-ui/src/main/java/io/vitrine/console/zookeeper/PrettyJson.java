package io.vitrine.console.zookeeper;

/**
 * JSON on several lines, a member a line and lists of plain values on one. What is no JSON stays as
 * it is, and nothing but white space is ever changed. Needs no toolkit.
 */
final class PrettyJson {
  private static final String STEP = "  ";

  private final String json;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private PrettyJson(String json) {
    this.json = json;
  }

  static String of(String text) {
    String trimmed = text.trim();
    if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) {
      return text;
    }
    PrettyJson pretty = new PrettyJson(trimmed);
    return pretty.write() ? pretty.out.toString() : text;
  }

  /** Writes it all; false when braces do not match or a text does not end. */
  private boolean write() {
    int depth = 0;
    while (at < json.length()) {
      char c = json.charAt(at);
      if (c == '"') {
        if (!copyText()) {
          return false;
        }
      } else if (c == '{' || c == '[') {
        int end = plainEnd(c);
        if (end > 0) {
          out.append(json, at, end + 1);
          at = end + 1;
        } else {
          depth++;
          out.append(c);
          newLine(depth);
          at++;
        }
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth < 0) {
          return false;
        }
        newLine(depth);
        out.append(c);
        at++;
      } else {
        plain(c, depth);
        at++;
      }
    }
    return depth == 0;
  }

  private void plain(char c, int depth) {
    if (c == ',') {
      out.append(c);
      newLine(depth);
    } else if (c == ':') {
      out.append(": ");
    } else if (!Character.isWhitespace(c)) {
      out.append(c);
    }
  }

  /** Where a list of plain values or an empty object ends, -1 when it is neither. */
  private int plainEnd(char opens) {
    if (opens == '{') {
      return at + 1 < json.length() && json.charAt(at + 1) == '}' ? at + 1 : -1;
    }
    boolean text = false;
    for (int i = at + 1; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        text = !text;
      } else if (!text && (c == '{' || c == '[')) {
        return -1;
      } else if (!text && c == ']') {
        return i;
      }
    }
    return -1;
  }

  private boolean copyText() {
    int start = at;
    for (at = at + 1; at < json.length(); at++) {
      char c = json.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '"') {
        at++;
        out.append(json, start, at);
        return true;
      }
    }
    return false;
  }

  private void newLine(int depth) {
    out.append('\n').append(STEP.repeat(depth));
  }
}
