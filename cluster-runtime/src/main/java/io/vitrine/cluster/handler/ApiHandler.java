package io.vitrine.cluster.handler;

import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Answers the requests of one API.
 *
 * <p>A handler declares the versions it speaks; ApiVersions tells clients exactly these, and a
 * frame outside them closes the connection before a handler sees it. Handlers hold no state of
 * their own beyond what came by constructor, and are called from several I/O threads at once.
 */
public interface ApiHandler {
  /** The API answered here. */
  ApiKeys api();

  /** The oldest version answered. */
  short minVersion();

  /** The newest version answered. */
  short maxVersion();

  /**
   * Answers the request exactly once, now or later, on any thread.
   *
   * <p>An exception thrown becomes the API's own error answer; errors of single topics, partitions
   * or groups are values in the answer and never thrown.
   *
   * @param request a request of {@link #api()} in a version between the two bounds
   */
  void handle(Request request);
}
