package io.vitrine.storage.compaction;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;

/**
 * Who may touch the segments of a log: the cleaner while it cleans, somebody else while cleaning is
 * paused, or either when there is no entry. Safe from any thread.
 */
final class CleaningStates {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition paused = lock.newCondition();
  private final Map<TopicPartition, State> states = new HashMap<>();

  /**
   * @param pauses how many have asked for a pause; 0 while the cleaner has it
   * @param asking how many ask for a pause that the cleaner has not seen yet
   */
  private record State(int pauses, int asking) {
    static final State IN_PROGRESS = new State(0, 0);

    boolean aborting() {
      return asking > 0;
    }
  }

  /** Takes a log for the cleaner; false when it is taken or paused. */
  boolean begin(TopicPartition partition) {
    lock.lock();
    try {
      return states.putIfAbsent(partition, State.IN_PROGRESS) == null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the cleaner could take a log. */
  boolean free(TopicPartition partition) {
    lock.lock();
    try {
      return !states.containsKey(partition);
    } finally {
      lock.unlock();
    }
  }

  /** Gives a log back; false when a pause was asked for meanwhile, which begins now. */
  boolean end(TopicPartition partition) {
    lock.lock();
    try {
      if (states.get(partition).aborting()) {
        states.put(partition, new State(states.get(partition).asking(), 0));
        paused.signalAll();
        return false;
      }
      states.remove(partition);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the cleaner has to let go of the log it cleans. */
  boolean aborting(TopicPartition partition) {
    lock.lock();
    try {
      State state = states.get(partition);
      return state != null && state.aborting();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the cleaner from a log, and waits until it has let go. Pauses count. */
  void pause(TopicPartition partition) {
    lock.lock();
    try {
      State state = states.get(partition);
      if (state == null) {
        states.put(partition, new State(1, 0));
      } else if (state.pauses() > 0) {
        states.put(partition, new State(state.pauses() + 1, 0));
      } else {
        states.put(partition, new State(0, state.asking() + 1));
        while (states.get(partition).pauses() == 0) {
          paused.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes a pause back. */
  void resume(TopicPartition partition) {
    resumeAll(List.of(partition));
  }

  void resumeAll(Collection<TopicPartition> partitions) {
    lock.lock();
    try {
      for (TopicPartition partition : partitions) {
        State state = states.get(partition);
        if (state == null || state.pauses() == 0) {
          throw new IllegalStateException("cleaning of " + partition + " is not paused");
        }
        if (state.pauses() == 1) {
          states.remove(partition);
        } else {
          states.put(partition, new State(state.pauses() - 1, 0));
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
