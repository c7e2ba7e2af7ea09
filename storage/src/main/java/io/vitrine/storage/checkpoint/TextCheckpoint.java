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
    if (!text[1].trim().equals(Integer.toString(lines.size()))) {
      throw new IOException(
          path + ": line 2 announces " + text[1].trim() + " lines, there are " + lines.size());
    }
    return checkpoint;
  }

  /**
   * A field as a number.
   *
   * @param line which of the lines, from 0 on
   */
  public long number(int line, int field) throws IOException {
    String text = lines.get(line)[field];
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException(where(line, text) + "not a number", e);
    }
  }

  /** A field as a number of 32 bits, such as a partition or an epoch. */
  public int integer(int line, int field) throws IOException {
    String text = lines.get(line)[field];
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException(where(line, text) + "not a number of 32 bits", e);
    }
  }

  private String where(int line, String text) {
    return path + ": line " + (line + 3) + ": '" + text + "' is ";
  }
}
