package io.vitrine.protocol.server;

/** The door to whoever serves requests. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Serves one request on an I/O thread. The request must be answered exactly once, during the call
   * or later, from any thread; until then its connection reads nothing more. An exception becomes
   * the API's own error response, and where that API has none the connection is closed.
   */
  void handle(Request request);
}
