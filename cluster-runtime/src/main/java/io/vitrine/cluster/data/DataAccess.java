package io.vitrine.cluster.data;

/**
 * Reads and writes records. Safe from any thread; both methods return at once, and whatever goes
 * wrong is told to the listener.
 */
public interface DataAccess {
  /** Begins to read. */
  DataTask read(ReadQuery query, ReadListener listener);

  /** Begins to write. */
  DataTask send(SendOrder order, SendListener listener);
}
