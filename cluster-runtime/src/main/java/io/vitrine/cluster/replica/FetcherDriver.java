package io.vitrine.cluster.replica;

import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.SocketClients;

/** Makes fetchers work: each on the thread of its connection, or step by step. */
public interface FetcherDriver {

  /** A connection for each fetcher, with a thread that reads, appends, and asks again. */
  static FetcherDriver threads(SocketClients clients) {
    return (host, port, purpose, name) ->
        new FetcherThread(clients.connectWithThread(host, port, purpose, name), name);
  }

  /**
   * What is to drive one fetcher that asks this node.
   *
   * @param purpose of the connection, in logs and errors
   * @param name of the thread
   */
  Driving connect(String host, int port, String purpose, String name);

  /** A fetcher being driven. */
  interface Driving {
    /** To ask through; whoever closes it ends the driving too. */
    NodeClient client();

    /** Begins to drive a fetcher; called once, before anything but {@link #client}. */
    void start(FetcherSteps fetcher);

    /** The fetcher has something to do, or has ended. Never blocks. */
    void wakeUp();

    /** Whether a fault of ours has ended the driving, until something wakes it. */
    default boolean hasDied() {
      return false;
    }

    /** Waits until nothing is done for it any more; from its own thread it returns at once. */
    void join(long timeoutMs) throws InterruptedException;
  }
}
