package io.vitrine.protocol.codec;

/** A frame whose announced size is negative or above the limit. The stream cannot be resumed. */
public final class InvalidFrameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidFrameException(int sizeBytes, int maxFrameBytes) {
    super("frame of " + sizeBytes + " bytes announced, allowed are 0 to " + maxFrameBytes);
  }
}
