package io.vitrine.protocol.server;

/** Told of every request that is over. */
@FunctionalInterface
public interface RequestObserver {

  /** Called on the connection's network thread, after the answer was written: must not block. */
  void completed(Request request, RequestTimes times);
}
