package io.vitrine.cluster;

/** A command that was not carried out; the message says why and what to do. */
public final class CommandRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandRefusedException(String message) {
    super(message);
  }

  public CommandRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
