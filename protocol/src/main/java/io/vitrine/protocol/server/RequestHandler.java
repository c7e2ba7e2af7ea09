package io.vitrine.protocol.server;

import org.apache.kafka.common.requests.AbstractResponse;

/** The door to whoever serves requests. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Serves one request on an I/O thread. The request must be answered exactly once, during the call
   * or later, from any thread; until then its connection reads nothing more. An exception becomes
   * the API's own error response, and where that API has none the connection is closed.
   */
  void handle(Request request);

  /**
   * Hears of every end of a request before it takes effect, on the thread that ends it: the place
   * to write a throttle time into the answer and to {@link Request#throttle} the client. An
   * exception is logged and changes nothing.
   *
   * @param response the answer, still to be encoded; null when the client expects none
   */
  default void answering(Request request, AbstractResponse response) {}
}
