package io.vitrine.cluster.data;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Records of the cluster at a bootstrap address, with Kafka's own clients.
 *
 * <p>Owns the threads and clients of what is under way, at most {@value #MOST_TASKS} at a time; the
 * set is guarded by this object.
 */
public final class KafkaData implements DataAccess, AutoCloseable {
  private static final int MOST_TASKS = 8;
  private static final long CLOSE_TIMEOUT_MS = 5_000;

  private final Supplier<String> bootstrap;
  private final Map<String, String> client;
  private final LongSupplier nanoTime;
  private final Set<ClientTask> running = new HashSet<>();
  private int begun;
  private boolean closed;

  /**
   * Records of a cluster.
   *
   * @param bootstrap addresses as of now, empty when no broker serves
   */
  public KafkaData(Supplier<String> bootstrap, LongSupplier nanoTime) {
    this(bootstrap, Map.of(), nanoTime);
  }

  /**
   * Records of a cluster that is read with further settings, such as how to log in.
   *
   * @param client settings of Kafka's consumer
   */
  public KafkaData(Supplier<String> bootstrap, Map<String, String> client, LongSupplier nanoTime) {
    this.bootstrap = bootstrap;
    this.client = Map.copyOf(client);
    this.nanoTime = nanoTime;
  }

  @Override
  public DataTask read(ReadQuery query, ReadListener listener) {
    return begin(new ReadTask(query, listener, bootstrap, client, nanoTime), "data-read-");
  }

  @Override
  public DataTask send(SendOrder order, SendListener listener) {
    return begin(new SendTask(order, listener, bootstrap, nanoTime), "data-send-");
  }

  private DataTask begin(ClientTask task, String name) {
    String refusal;
    synchronized (this) {
      refusal =
          closed
              ? "The cluster is being closed."
              : running.size() >= MOST_TASKS
                  ? MOST_TASKS + " readings and sendings are under way. Stop one first."
                  : "";
      if (refusal.isEmpty()) {
        running.add(task);
        begun++;
        task.start(name + begun, () -> ended(task));
      }
    }
    if (!refusal.isEmpty()) {
      task.refuse(refusal);
    }
    return task;
  }

  private synchronized void ended(ClientTask task) {
    running.remove(task);
    notifyAll();
  }

  /** Stops everything and waits for it, but not longer than five seconds. */
  @Override
  public void close() {
    Set<ClientTask> left;
    synchronized (this) {
      closed = true;
      left = Set.copyOf(running);
    }
    left.forEach(ClientTask::stop);
    long deadline = nanoTime.getAsLong() + CLOSE_TIMEOUT_MS * 1_000_000;
    synchronized (this) {
      try {
        long leftMs = CLOSE_TIMEOUT_MS;
        while (!running.isEmpty() && leftMs > 0) {
          wait(leftMs);
          leftMs = (deadline - nanoTime.getAsLong()) / 1_000_000;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
