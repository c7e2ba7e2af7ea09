package io.vitrine.storage.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The form all of Kafka's checkpoint files share: version, count, then lines of fields.
 *
 * @param path for messages
 * @param lines the fields of each line
 */
public record TextCheckpoint(Path path, List<String[]> lines) {

  /**
   * Reads and checks a file.
   *
   * @param fields how many each line has
   * @throws IOException naming the line that is wrong
   */
  public static TextCheckpoint parse(Path path, byte[] content, int fields) throws IOException {
    String[] text = new String(content, StandardCharsets.UTF_8).split("\n");
    if (text.length < 2 || !text[0].trim().equals("0")) {
      throw new IOException(path + ": line 1 must be the version 0");
    }
    List<String[]> lines = new ArrayList<>();
    for (int i = 2; i < text.length; i++) {
      String[] parts = text[i].trim().split(" ");
      if (parts.length != fields) {
        throw new IOException(
            path + ": line " + (i + 1) + " has " + parts.length + " fields, not " + fields);
      }
      lines.add(parts);
    }
    TextCheckpoint checkpoint = new TextCheckpoint(path, lines);
    if (checkpoint.number(text[1].trim()) != lines.size()) {
      throw new IOException(
          path + ": line 2 announces " + text[1].trim() + " lines, there are " + lines.size());
    }
    return checkpoint;
  }

  /** A field as a number. */
  public long number(String field) throws IOException {
    try {
      return Long.parseLong(field);
    } catch (NumberFormatException e) {
      throw new IOException(path + ": '" + field + "' is not a number", e);
    }
  }
}
