package io.vitrine.cluster.event;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * What happened, far back: many events in little memory, found by their place or their time.
 *
 * <p>Holds them in chunks of {@value #CHUNK}. The newest chunks hold events as they are; older ones
 * are packed (deflated lines of {@link EventJson}, some thirty bytes an event) and unpacked while
 * somebody looks. When there are more events than it may keep, the oldest chunk goes. One thread
 * adds; any may read: a lock guards the list of chunks, and nothing is unpacked under it.
 */
public final class EventArchive {
  private static final int CHUNK = 1_024;

  /** Chunks at the end that stay as they are. */
  private static final int LOOSE_CHUNKS = 16;

  /** Packed chunks that stay unpacked because somebody looked at them last. */
  private static final int OPENED_CHUNKS = 12;

  private final int capacity;
  private final EventJson json = new EventJson();
  private final Object lock = new Object();
  // Under the lock.
  private final List<Chunk> chunks = new ArrayList<>();
  private final List<Chunk> opened = new ArrayList<>();
  private List<StampedEvent> open = new ArrayList<>(CHUNK);
  private int sealed;

  /** Events that belong together; only how it holds them changes. */
  private static final class Chunk {
    final long firstSequence;
    final long lastSequence;
    final long firstNanos;
    final long lastNanos;
    final int size;
    private byte[] packed;
    private List<StampedEvent> loose;

    Chunk(List<StampedEvent> events) {
      loose = List.copyOf(events);
      size = loose.size();
      firstSequence = loose.get(0).sequence();
      firstNanos = loose.get(0).nanos();
      lastSequence = loose.get(size - 1).sequence();
      lastNanos = loose.get(size - 1).nanos();
    }

    synchronized List<StampedEvent> events(EventJson json) {
      if (loose == null) {
        loose = unpack(packed, size, json);
      }
      return loose;
    }

    synchronized void pack(EventJson json) {
      if (packed == null) {
        packed = packed(loose, json);
      }
      loose = null;
    }

    synchronized boolean isPacked() {
      return loose == null;
    }
  }

  /**
   * @param capacity how many events are kept, at least {@value #CHUNK}
   */
  public EventArchive(int capacity) {
    if (capacity < CHUNK) {
      throw new IllegalArgumentException("capacity must be at least " + CHUNK);
    }
    this.capacity = capacity;
  }

  /** Adds the next event; sequences and times only grow. */
  public void add(StampedEvent event) {
    Chunk toPack = null;
    synchronized (lock) {
      open.add(event);
      if (open.size() == CHUNK) {
        chunks.add(new Chunk(open));
        open = new ArrayList<>(CHUNK);
        sealed += CHUNK;
        if (sealed > capacity) {
          sealed -= chunks.remove(0).size;
        }
        if (chunks.size() > LOOSE_CHUNKS) {
          toPack = chunks.get(chunks.size() - 1 - LOOSE_CHUNKS);
        }
      }
    }
    if (toPack != null) {
      toPack.pack(json);
    }
  }

  /** How many events are kept. */
  public int size() {
    synchronized (lock) {
      return sealed + open.size();
    }
  }

  /** The place of the oldest event kept, empty when there is none. */
  public OptionalLong firstSequence() {
    synchronized (lock) {
      if (!chunks.isEmpty()) {
        return OptionalLong.of(chunks.get(0).firstSequence);
      }
      return open.isEmpty() ? OptionalLong.empty() : OptionalLong.of(open.get(0).sequence());
    }
  }

  /** The next event after this place in the stream. */
  public Optional<StampedEvent> after(long sequence) {
    for (Chunk chunk : from(sequence)) {
      List<StampedEvent> events = events(chunk);
      int at = firstAbove(events, StampedEvent::sequence, sequence);
      if (at < events.size()) {
        return Optional.of(events.get(at));
      }
    }
    return Optional.empty();
  }

  /** The last event before this place in the stream. */
  public Optional<StampedEvent> before(long sequence) {
    return lastBelow(sequence, c -> c.firstSequence, StampedEvent::sequence);
  }

  /** The last event that was no later than this moment. */
  public Optional<StampedEvent> notAfter(long nanos) {
    return lastBelow(nanos + 1, c -> c.firstNanos, StampedEvent::nanos);
  }

  /** The events up to this place, the newest first, but no more than told. */
  public List<StampedEvent> latest(long upTo, int most) {
    List<StampedEvent> found = new ArrayList<>();
    List<Chunk> all = from(Long.MIN_VALUE);
    for (int c = all.size() - 1; c >= 0 && found.size() < most; c--) {
      if (all.get(c).firstSequence <= upTo) {
        List<StampedEvent> events = events(all.get(c));
        int at = firstAbove(events, StampedEvent::sequence, upTo) - 1;
        for (; at >= 0 && found.size() < most; at--) {
          found.add(events.get(at));
        }
      }
    }
    return found;
  }

  /** The events after the one place up to the other, the latter included, oldest first. */
  public List<StampedEvent> range(long after, long upTo) {
    List<StampedEvent> found = new ArrayList<>();
    for (Chunk chunk : from(after)) {
      if (chunk.firstSequence > upTo) {
        break;
      }
      List<StampedEvent> events = events(chunk);
      found.addAll(
          events.subList(
              firstAbove(events, StampedEvent::sequence, after),
              firstAbove(events, StampedEvent::sequence, upTo)));
    }
    return found;
  }

  /** Gives every event of a stretch of time, both ends included, oldest first. */
  public void between(long fromNanos, long toNanos, Consumer<StampedEvent> taker) {
    for (Chunk chunk : from(Long.MIN_VALUE)) {
      if (chunk.lastNanos < fromNanos) {
        continue;
      }
      if (chunk.firstNanos > toNanos) {
        return;
      }
      for (StampedEvent event : events(chunk)) {
        if (event.nanos() >= fromNanos && event.nanos() <= toNanos) {
          taker.accept(event);
        }
      }
    }
  }

  private Optional<StampedEvent> lastBelow(
      long limit, ToLongFunction<Chunk> first, ToLongFunction<StampedEvent> by) {
    List<Chunk> all = from(Long.MIN_VALUE);
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (first.applyAsLong(all.get(middle)) < limit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == 0) {
      return Optional.empty();
    }
    List<StampedEvent> events = events(all.get(low - 1));
    return Optional.of(events.get(firstAbove(events, by, limit - 1) - 1));
  }

  /** Chunks with events after this place; the events being gathered are the last. */
  private List<Chunk> from(long sequence) {
    synchronized (lock) {
      int low = 0;
      int high = chunks.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (chunks.get(middle).lastSequence <= sequence) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      List<Chunk> found = new ArrayList<>(chunks.subList(low, chunks.size()));
      if (!open.isEmpty()) {
        found.add(new Chunk(open));
      }
      return found;
    }
  }

  /** The events of a chunk; of those that had to be unpacked the last few stay so. */
  private List<StampedEvent> events(Chunk chunk) {
    if (!chunk.isPacked()) {
      return chunk.events(json);
    }
    List<StampedEvent> events = chunk.events(json);
    Chunk oldest = null;
    synchronized (lock) {
      opened.add(chunk);
      if (opened.size() > OPENED_CHUNKS) {
        oldest = opened.remove(0);
      }
    }
    if (oldest != null && oldest != chunk) {
      oldest.pack(json);
    }
    return events;
  }

  /** The index of the first event whose value is above the limit. */
  private static int firstAbove(
      List<StampedEvent> events, ToLongFunction<StampedEvent> by, long limit) {
    int low = 0;
    int high = events.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (by.applyAsLong(events.get(middle)) <= limit) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static byte[] packed(List<StampedEvent> events, EventJson json) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(CHUNK * 32);
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (Writer lines =
        new BufferedWriter(
            new OutputStreamWriter(
                new DeflaterOutputStream(bytes, deflater), StandardCharsets.UTF_8))) {
      for (StampedEvent event : events) {
        lines.write(json.write(event));
        lines.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  private static List<StampedEvent> unpack(byte[] packed, int size, EventJson json) {
    List<StampedEvent> events = new ArrayList<>(size);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new InflaterInputStream(new ByteArrayInputStream(packed)),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        events.add(json.read(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(events);
  }
}
