package io.vitrine.console.data;

import java.util.ArrayList;
import java.util.List;

/**
 * A few bytes of a key or value in hex and, where they are ASCII, as letters. Needs no toolkit.
 *
 * @param ofKey whether they are the key's, else the value's
 * @param position of the first of them
 */
record HexLine(boolean ofKey, int position, List<String> bytes, String letters) {
  /** Bytes a line. */
  static final int LENGTH = 16;

  /** Bytes of key and value that are told; more nobody looks through. */
  private static final int MOST_BYTES = 64 * 1024;

  HexLine {
    bytes = List.copyOf(bytes);
  }

  /** A place that sorts as it stands: the key's bytes, then the value's. */
  String at() {
    return (ofKey ? "k" : "v") + String.format("%08x", position);
  }

  /** A byte in two digits, empty where there is none. */
  String hex(int index) {
    return index < bytes.size() ? bytes.get(index) : "";
  }

  /** The lines of a key and a value; either may be null. */
  static List<HexLine> of(byte[] key, byte[] value) {
    List<HexLine> lines = new ArrayList<>();
    add(lines, true, key);
    add(lines, false, value);
    return lines;
  }

  private static void add(List<HexLine> lines, boolean ofKey, byte[] all) {
    int end = all == null ? 0 : Math.min(all.length, MOST_BYTES);
    for (int from = 0; from < end; from += LENGTH) {
      List<String> hex = new ArrayList<>();
      StringBuilder letters = new StringBuilder();
      for (int i = from; i < Math.min(end, from + LENGTH); i++) {
        hex.add(String.format("%02x", all[i]));
        letters.append(all[i] >= ' ' && all[i] < 0x7F ? (char) all[i] : '·');
      }
      lines.add(new HexLine(ofKey, from, hex, letters.toString()));
    }
  }
}
