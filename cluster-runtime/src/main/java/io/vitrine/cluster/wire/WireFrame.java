package io.vitrine.cluster.wire;

/**
 * A message on the wire.
 *
 * @param sizeBytes of the whole frame, with its size field where it is an answer
 * @param head its first bytes, not to be changed by anybody; a request's begin after its size field
 * @param kept what of the bytes is there
 */
public record WireFrame(long sizeBytes, byte[] head, Kept kept) {
  private static final byte[] NOTHING = new byte[0];

  /** What of a frame's bytes is there. */
  public enum Kept {
    ALL,
    /** It was too large to be kept whole. */
    BEGINNING,
    /** There were newer ones to be kept. */
    DROPPED,
    /** It carries a secret. */
    WITHHELD
  }

  /** No message. */
  public static WireFrame none() {
    return new WireFrame(0, NOTHING, Kept.ALL);
  }

  /** A message of which these bytes are kept. */
  public static WireFrame of(long sizeBytes, byte[] head) {
    return new WireFrame(sizeBytes, head, head.length < sizeBytes ? Kept.BEGINNING : Kept.ALL);
  }

  /** A message whose bytes nobody is to see. */
  public static WireFrame secret(long sizeBytes) {
    return new WireFrame(sizeBytes, NOTHING, Kept.WITHHELD);
  }

  WireFrame withoutBytes() {
    return head.length == 0 ? this : new WireFrame(sizeBytes, NOTHING, Kept.DROPPED);
  }
}
