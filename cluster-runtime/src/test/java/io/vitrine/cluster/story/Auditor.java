package io.vitrine.cluster.story;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads the accounts as they are committed, all the while money is moved, on a thread of its own.
 * It groups the records by move, books each move once it has both halves, and stops at the first
 * thing that must not be:
 *
 * <ul>
 *   <li>a sum of all accounts that is not what it was after a move is booked,
 *   <li>a half whose other half does not come within {@link #PATIENCE}, a third one, or two in one
 *       account,
 *   <li>a record seen again or behind a later one of its teller,
 *   <li>a record of a move that is never committed.
 * </ul>
 */
final class Auditor {
  /** A partition without a leader hides its half as long as that lasts. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final Duration POLL = Duration.ofMillis(200);

  /** The first half seen of a move, and when. */
  private record Half(int account, long amount, long seenNanos) {}

  private final Map<String, Object> settings;
  private final long[] balances = new long[Transfers.ACCOUNTS];
  private final Map<String, Half> halves = new LinkedHashMap<>();
  private final Map<String, Integer> lastNumbers = new HashMap<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::work, "auditor");
  private volatile Map<TopicPartition, Long> ends = Map.of();
  private volatile boolean ended;
  private volatile int booked;

  /** An auditor of accounts between which nobody has moved anything yet. */
  Auditor(String bootstrap) {
    this.settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            5_000,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none");
  }

  void start() {
    thread.start();
  }

  /**
   * Throws what it found wrong, if it found something.
   *
   * @throws AssertionError with the cause on the auditor's thread
   */
  void check() {
    Throwable found = failure.get();
    if (found != null) {
      throw new AssertionError("the auditor: " + found.getMessage(), found);
    }
  }

  /** Moves it has seen whole. */
  int booked() {
    return booked;
  }

  /**
   * Lets it read up to these ends, then ends it.
   *
   * @param last ends of the accounts when no transaction is open any more
   * @return the balance of each account
   */
  long[] finish(Map<TopicPartition, Long> last) throws InterruptedException {
    ends = last;
    end();
    check();
    require(halves.isEmpty(), "halves of moves at the end: " + halves.keySet());
    return balances.clone();
  }

  /** Ends it where it is. */
  void end() throws InterruptedException {
    ended = true;
    thread.join();
  }

  private void work() {
    List<TopicPartition> accounts = Transfers.accounts();
    try (KafkaConsumer<String, Long> reader =
        new KafkaConsumer<>(settings, new StringDeserializer(), new LongDeserializer())) {
      reader.assign(accounts);
      accounts.forEach(account -> reader.seek(account, 0));
      while (!ended || behind(reader)) {
        for (ConsumerRecord<String, Long> each : reader.poll(POLL)) {
          book(each);
        }
        requireNoneWaitsTooLong();
      }
    } catch (RuntimeException | AssertionError e) {
      failure.set(e);
    }
  }

  private boolean behind(KafkaConsumer<String, Long> reader) {
    return ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue());
  }

  private void book(ConsumerRecord<String, Long> half) {
    String move = half.key();
    int account = half.partition();
    int dash = move.lastIndexOf('-');
    int number = Integer.parseInt(move.substring(dash + 1));
    require(
        !Teller.isToBeAborted(number), move + " is not committed, yet it is in account " + account);
    requireInOrder(move.substring(0, dash), number, account);
    Half other = halves.remove(move);
    if (other == null) {
      halves.put(move, new Half(account, half.value(), System.nanoTime()));
      return;
    }
    require(other.account() != account, move + " is twice in account " + account);
    balances[other.account()] += other.amount();
    balances[account] += half.value();
    require(
        IntStream.range(0, balances.length).mapToLong(i -> balances[i]).sum() == 0,
        "the sum of all accounts after " + move + ": " + List.of(other.amount(), half.value()));
    booked++;
  }

  /** Moves of a teller rise in each account, so that one seen again, or as a third half, shows. */
  private void requireInOrder(String teller, int number, int account) {
    Integer last = lastNumbers.put(teller + " in " + account, number);
    require(
        last == null || last < number,
        teller + "-" + number + " in account " + account + " after number " + last);
  }

  private void requireNoneWaitsTooLong() {
    // The first one waits longest.
    halves.entrySet().stream()
        .findFirst()
        .ifPresent(
            half ->
                require(
                    System.nanoTime() - half.getValue().seenNanos() < PATIENCE.toNanos(),
                    "half of " + half.getKey() + " alone for " + PATIENCE));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
