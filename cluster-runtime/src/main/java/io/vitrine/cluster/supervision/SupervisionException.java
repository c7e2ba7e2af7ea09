package io.vitrine.cluster.supervision;

/** Something could not be started or stopped; the message says why and what to do. */
public final class SupervisionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SupervisionException(String message) {
    super(message);
  }

  public SupervisionException(String message, Throwable cause) {
    super(message, cause);
  }
}
