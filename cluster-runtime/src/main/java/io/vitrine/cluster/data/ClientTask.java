package io.vitrine.cluster.data;

import java.util.concurrent.ExecutionException;

/** Something that a Kafka client does on a thread of its own. */
abstract class ClientTask implements DataTask {

  /**
   * Begins.
   *
   * @param ended called last on the thread
   */
  final void start(String threadName, Runnable ended) {
    new Thread(
            () -> {
              try {
                run();
              } finally {
                ended.run();
              }
            },
            threadName)
        .start();
  }

  /** Does everything and tells the listener how it ended. */
  abstract void run();

  /** Tells the listener that it does not begin. */
  abstract void refuse(String reason);

  /** Why something failed, in a client's words and with Kafka's name of the error, if it is one. */
  static String explained(Throwable failure) {
    Throwable cause =
        failure instanceof ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof IllegalStateException && cause.getMessage() != null) {
      return cause.getMessage();
    }
    String name = cause.getClass().getSimpleName().replaceFirst("Exception$", "");
    return cause.getMessage() == null ? name : name + ": " + cause.getMessage();
  }
}
