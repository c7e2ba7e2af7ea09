package io.vitrine.cluster.zookeeper;

/** A broker cannot join the cluster; the message says why and what to do. */
public final class RegistrationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RegistrationException(String message) {
    super(message);
  }
}
