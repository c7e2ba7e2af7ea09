package io.vitrine.cluster.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The newest exchanges between clients and brokers, of all brokers of a cluster.
 *
 * <p>Off at first, and then costs nothing: brokers look once a request whether it is on. Owns a
 * ring of fixed capacity: the oldest exchange makes room. Bytes have a bound of their own, beyond
 * which the oldest exchanges keep all but them. One lock guards the ring and is held shortly; any
 * thread.
 */
public final class WireTrace {
  private final int headBytes;
  private final long mostBytes;
  private final WireDecoder decoder;
  private final Object lock = new Object();

  /** The exchange with id i is at {@code i % length}; under the lock, as all below. */
  private final WireExchange[] ring;

  private long lastId;
  private long firstId = 1;

  /** The oldest exchange whose bytes were not dropped. */
  private long firstWithBytes = 1;

  private long bytes;
  private volatile boolean on;

  /**
   * @param capacity how many exchanges are kept, at least 1
   * @param mostBytes how many bytes of messages are kept in all
   * @param headBytes how many bytes of one message are kept
   * @param decoder takes messages apart
   */
  public WireTrace(int capacity, long mostBytes, int headBytes, WireDecoder decoder) {
    this.ring = new WireExchange[capacity];
    this.mostBytes = mostBytes;
    this.headBytes = headBytes;
    this.decoder = decoder;
  }

  /** Whether requests that arrive now are kept. */
  public boolean isOn() {
    return on;
  }

  /** Keeps requests that arrive from now on, or none; what was kept stays. */
  public void turn(boolean next) {
    on = next;
  }

  /** How many exchanges are kept at most. */
  public int capacity() {
    return ring.length;
  }

  /** How many bytes of one message are kept at most. */
  public int headBytes() {
    return headBytes;
  }

  /** How many exchanges there were since the trace was made, those forgotten included. */
  public long seen() {
    synchronized (lock) {
      return lastId;
    }
  }

  /** Forgets everything; numbers go on. */
  public void clear() {
    synchronized (lock) {
      Arrays.fill(ring, null);
      firstId = lastId + 1;
      firstWithBytes = firstId;
      bytes = 0;
    }
  }

  /**
   * A request has arrived.
   *
   * @return the id it got
   */
  public long begin(WireExchange exchange) {
    synchronized (lock) {
      long id = ++lastId;
      int place = place(id);
      if (ring[place] != null) {
        bytes -= ring[place].keptBytes();
        firstId = Math.max(firstId, id - ring.length + 1);
        firstWithBytes = Math.max(firstWithBytes, firstId);
      }
      ring[place] = exchange.withId(id);
      bytes += exchange.keptBytes();
      dropBytes();
      return id;
    }
  }

  /** Something became of an exchange; nothing happens when it is forgotten already. */
  public void change(long id, UnaryOperator<WireExchange> how) {
    synchronized (lock) {
      WireExchange before = kept(id);
      if (before == null) {
        return;
      }
      WireExchange after = how.apply(before);
      if (id < firstWithBytes) {
        after = after.withoutBytes();
      }
      ring[place(id)] = after;
      bytes += after.keptBytes() - before.keptBytes();
      dropBytes();
    }
  }

  /** The newest exchanges that are wanted, newest first. */
  public List<WireExchange> newest(WireFilter filter, int limit) {
    List<WireExchange> found = new ArrayList<>();
    synchronized (lock) {
      for (long id = lastId; id >= firstId && found.size() < limit; id--) {
        WireExchange exchange = ring[place(id)];
        if (filter.lets(exchange)) {
          found.add(exchange);
        }
      }
    }
    return List.copyOf(found);
  }

  /** The APIs among the exchanges that are kept, sorted. */
  public List<String> apis() {
    TreeSet<String> names = new TreeSet<>();
    synchronized (lock) {
      for (long id = lastId; id >= firstId; id--) {
        names.add(ring[place(id)].api());
      }
    }
    return List.copyOf(names);
  }

  /** An exchange as it is now, empty when it is forgotten. */
  public Optional<WireExchange> exchange(long id) {
    synchronized (lock) {
      return Optional.ofNullable(kept(id));
    }
  }

  /** Takes frames of this trace apart. */
  public WireDecoder decoder() {
    return decoder;
  }

  private WireExchange kept(long id) {
    return id < firstId || id > lastId ? null : ring[place(id)];
  }

  private int place(long id) {
    return (int) (id % ring.length);
  }

  private void dropBytes() {
    while (bytes > mostBytes && firstWithBytes <= lastId) {
      int place = place(firstWithBytes++);
      bytes -= ring[place].keptBytes();
      ring[place] = ring[place].withoutBytes();
    }
  }
}
