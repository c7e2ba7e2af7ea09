package io.vitrine.cluster.wire;

import java.util.List;

/**
 * One field of a frame with the bytes it takes.
 *
 * @param name as in Kafka's schema; an element of an array has its index in brackets
 * @param value as text; of bytes the hex digits of the first ones
 * @param note what the value means, such as an error's name; may be empty
 * @param offset of its first byte in the frame's head
 * @param length in bytes
 * @param children of structures and arrays
 */
public record WireField(
    String name,
    Kind kind,
    String value,
    String note,
    int offset,
    int length,
    List<WireField> children) {
  public WireField {
    children = List.copyOf(children);
  }

  /** What a value is. */
  public enum Kind {
    NUMBER,
    TEXT,
    BOOLEAN,
    BYTES,
    NULL,
    STRUCT,
    ARRAY,
    /** Its bytes are not there. */
    CUT
  }
}
