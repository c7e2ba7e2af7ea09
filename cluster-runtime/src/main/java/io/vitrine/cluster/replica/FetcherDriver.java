package io.vitrine.cluster.replica;

/** Makes fetchers work: each on a thread of its own, or step by step. */
public interface FetcherDriver {

  /** A thread for each fetcher. */
  static FetcherDriver threads() {
    return FetcherThread::start;
  }

  /** Begins to drive a fetcher. */
  Driving drive(FetcherSteps fetcher, String name);

  /** A fetcher being driven. */
  interface Driving {
    /** The fetcher has something to do, or has ended. Never blocks. */
    void wakeUp();

    /** Waits until nothing is done for it any more; from its own thread it returns at once. */
    void join(long timeoutMs) throws InterruptedException;
  }
}
