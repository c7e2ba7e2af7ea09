package io.vitrine.cluster.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Cuts an input into the choices and pieces a target needs; zeros when it is used up. */
public final class Input {
  private final ByteBuffer bytes;

  public Input(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  public boolean isEmpty() {
    return !bytes.hasRemaining();
  }

  /** A choice among so many, from 0 on; at most 256. */
  public int choice(int count) {
    return bytes.hasRemaining() ? (bytes.get() & 0xff) % count : 0;
  }

  /** A number of 16 bits without sign. */
  public int number() {
    return choice(256) << 8 | choice(256);
  }

  /** The next piece: 16 bits of length, then at most so many bytes. */
  public byte[] piece() {
    byte[] piece = new byte[Math.min(number(), bytes.remaining())];
    bytes.get(piece);
    return piece;
  }

  /** All that is left. */
  public byte[] rest() {
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    return rest;
  }

  /** The other direction: choices, as {@link #choice} reads them, before what follows. */
  public static byte[] of(byte[] rest, int... choices) {
    byte[] all = Arrays.copyOf(new byte[0], choices.length + rest.length);
    for (int i = 0; i < choices.length; i++) {
      all[i] = (byte) choices[i];
    }
    System.arraycopy(rest, 0, all, choices.length, rest.length);
    return all;
  }

  /** A piece as {@link #piece} reads it. */
  public static byte[] pieceOf(byte[] content) {
    return of(content, content.length >> 8, content.length);
  }

  /** One after the other. */
  public static byte[] joined(byte[]... parts) {
    byte[] all = new byte[0];
    for (byte[] part : parts) {
      int at = all.length;
      all = Arrays.copyOf(all, at + part.length);
      System.arraycopy(part, 0, all, at, part.length);
    }
    return all;
  }
}
