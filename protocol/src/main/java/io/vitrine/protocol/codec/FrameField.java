package io.vitrine.protocol.codec;

import java.util.List;

/**
 * One field of a frame with the bytes it takes.
 *
 * @param name as in Kafka's schema; an element of an array has its index in brackets
 * @param value as text; of bytes the hex digits of the first ones
 * @param note what the value means, such as an error's name; may be empty
 * @param offset of its first byte in the bytes that were looked at
 * @param length in bytes; what lies beyond those bytes is not counted
 * @param children of structures and arrays
 */
public record FrameField(
    String name,
    Kind kind,
    String value,
    String note,
    int offset,
    int length,
    List<FrameField> children) {
  public FrameField {
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
    /** Its bytes are not there: the frame was cut, or they cannot be made out. */
    CUT
  }
}
