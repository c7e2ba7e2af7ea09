package io.vitrine.cluster.controller;

/** ZooKeeper refused a write because another controller was elected since. */
final class ControllerMovedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ControllerMovedException(int epoch) {
    super("epoch " + epoch + " is not the newest: another controller was elected");
  }
}
