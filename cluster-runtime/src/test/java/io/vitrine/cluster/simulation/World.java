package io.vitrine.cluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Time, chance and the order of things in one simulated story: everything that happens is an event
 * in one queue, worked on by one thread. The same seed gives the same story.
 */
public final class World {
  /** Stories whose events beget each other without end are cut. */
  private static final long MOST_EVENTS = 1_000_000;

  private static final int KEPT_LINES = 4_000;

  private final Random random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<String> story = new ArrayList<>();
  private long nowMs;
  private long numbers;
  private Runnable afterEach = () -> {};
  private int depth;
  private Violation broken;

  /** Something that happens to a place while that lives and is not paused. */
  private record Event(long atMs, long number, Place place, Runnable work)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(atMs, other.atMs);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** Where events happen: one life of a node, or anything outside the cluster. */
  interface Place {
    /** Outside the cluster: always there. */
    Place OUTSIDE =
        new Place() {
          @Override
          public boolean dead() {
            return false;
          }

          @Override
          public boolean paused() {
            return false;
          }

          @Override
          public void later(Runnable event) {
            throw new IllegalStateException("is never paused");
          }
        };

    boolean dead();

    boolean paused();

    /** Keeps an event until the place goes on. */
    void later(Runnable event);
  }

  World(long seed) {
    this.random = new Random(seed);
  }

  Random random() {
    return random;
  }

  long nowMs() {
    return nowMs;
  }

  /** Between two bounds, both included. */
  int between(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  void schedule(Place place, long delayMs, Runnable work) {
    events.add(new Event(nowMs + Math.max(0, delayMs), numbers++, place, work));
  }

  /** What is looked at after each event. */
  void afterEach(Runnable check) {
    afterEach = check;
  }

  /** Adds a line to the story. */
  void tell(String line) {
    if (story.size() == KEPT_LINES) {
      story.subList(0, KEPT_LINES / 2).clear();
    }
    story.add(String.format("%7d ms  %s%s", nowMs, "  ".repeat(depth), line));
  }

  /** The last lines of the story. */
  String story() {
    return String.join("\n", story);
  }

  /** Lets the world go on until something holds, or there is nothing left to happen. */
  void runUntil(BooleanSupplier done) {
    while (!done.getAsBoolean() && step()) {
      if (numbers > MOST_EVENTS) {
        throw broken("the story does not end: " + MOST_EVENTS + " events");
      }
    }
  }

  void runFor(long ms) {
    long end = nowMs + ms;
    runUntil(() -> events.isEmpty() || events.peek().atMs() > end);
    nowMs = Math.max(nowMs, end);
  }

  /** From within an event: others go on meanwhile. */
  void meanwhile(BooleanSupplier done) {
    depth++;
    try {
      runUntil(done);
    } finally {
      depth--;
    }
  }

  /** From within an event: a few others happen first. */
  void meanwhile(int steps) {
    depth++;
    try {
      for (int i = 0; i < steps; i++) {
        step();
      }
    } finally {
      depth--;
    }
  }

  private boolean step() {
    Event event = events.poll();
    if (event == null) {
      return false;
    }
    nowMs = event.atMs();
    if (event.place().dead()) {
      return true;
    }
    if (event.place().paused()) {
      event.place().later(event.work());
      return true;
    }
    event.work().run();
    afterEach.run();
    if (broken != null) {
      throw broken;
    }
    return true;
  }

  /**
   * A rule was broken. Whoever calls this may be a callback whose exceptions nobody sees: the story
   * ends with this event at the latest.
   */
  Violation broken(String what) {
    if (broken == null) {
      broken = new Violation(what);
    }
    return broken;
  }

  /** A rule of replication was broken. */
  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String what) {
      super(what);
    }
  }
}
