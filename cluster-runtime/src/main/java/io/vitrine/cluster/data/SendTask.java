package io.vitrine.cluster.data;

import io.vitrine.cluster.data.SendProgress.Answer;
import io.vitrine.cluster.data.SendProgress.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sending: a producer for one order. At most {@value #MOST_UNDER_WAY} records are under way, so
 * that a stop is soon over and memory bounded.
 *
 * <p>The fields so marked are guarded by the lock and shared with the producer's thread, which
 * answers; the listener is called on the sending's thread alone.
 */
final class SendTask extends ClientTask {
  private static final Logger LOG = LoggerFactory.getLogger(SendTask.class);
  private static final int MOST_UNDER_WAY = 2_000;
  private static final int NEWEST_KEPT = 20;
  private static final long TELL_MS = 100;
  private static final int MAX_BLOCK_MS = 10_000;
  private static final int DELIVERY_TIMEOUT_MS = 20_000;
  private static final int REQUEST_TIMEOUT_MS = 10_000;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final SendOrder order;
  private final SendListener listener;
  private final Supplier<String> bootstrap;
  private final LongSupplier nanoTime;

  private final Object lock = new Object();
  // Under the lock.
  private final Deque<Answer> newest = new ArrayDeque<>();
  private long sent;
  private long acknowledged;
  private long refused;
  private String reason = "";
  private boolean stopped;
  private boolean givenUp;

  // The thread's.
  private long beganNanos;
  private long toldNanos;

  SendTask(
      SendOrder order, SendListener listener, Supplier<String> bootstrap, LongSupplier nanoTime) {
    this.order = order;
    this.listener = listener;
    this.bootstrap = bootstrap;
    this.nanoTime = nanoTime;
  }

  @Override
  public void stop() {
    synchronized (lock) {
      stopped = true;
      lock.notifyAll();
    }
  }

  @Override
  void refuse(String why) {
    beganNanos = nanoTime.getAsLong();
    failed(why);
    tell(State.FAILED);
  }

  @Override
  void run() {
    beganNanos = nanoTime.getAsLong();
    toldNanos = beganNanos;
    State end;
    try {
      end = sendAll();
    } catch (IOException e) {
      failed(e.getMessage());
      end = State.FAILED;
    } catch (RuntimeException e) {
      if (!(e instanceof KafkaException || e instanceof IllegalStateException)) {
        LOG.error("topic={} a sending failed", order.topic(), e);
      }
      failed(explained(e));
      end = State.FAILED;
    }
    tell(end);
  }

  private State sendAll() throws IOException {
    String addresses = bootstrap.get();
    if (addresses.isEmpty()) {
      throw new IllegalStateException("No broker is running. Start one first.");
    }
    KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings(addresses));
    try (RecordSource source = order.records().open()) {
      NewRecord next = source.next();
      while (next != null && roomForMore()) {
        send(producer, next);
        next = source.next();
      }
      producer.flush();
      synchronized (lock) {
        return stopped && next != null
            ? State.STOPPED
            : givenUp || acknowledged == 0 && refused > 0 ? State.FAILED : State.COMPLETE;
      }
    } finally {
      producer.close(CLOSE_TIMEOUT);
    }
  }

  /** Waits until another record may be sent; whether it may. */
  private boolean roomForMore() {
    boolean room = false;
    while (!room) {
      synchronized (lock) {
        if (stopped || givenUp) {
          return false;
        }
        room = sent - acknowledged - refused < MOST_UNDER_WAY;
        if (!room) {
          try {
            lock.wait(TELL_MS);
          } catch (InterruptedException e) {
            throw new InterruptException(e);
          }
        }
      }
      if (nanoTime.getAsLong() - toldNanos >= TELL_MS * 1_000_000) {
        tell(State.RUNNING);
      }
    }
    return true;
  }

  private void send(KafkaProducer<byte[], byte[]> producer, NewRecord next) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            order.topic(),
            next.partition().orElse(null),
            next.timestampMs().orElse(null),
            next.key(),
            next.value());
    next.headers().forEach(header -> record.headers().add(header.key(), header.value()));
    long begun = nanoTime.getAsLong();
    synchronized (lock) {
      sent++;
    }
    try {
      producer.send(record, (where, failure) -> answered(begun, where, failure));
    } catch (KafkaException | IllegalArgumentException | IllegalStateException e) {
      // Refused before it left: whatever made it so meets the next one, too.
      synchronized (lock) {
        sent--;
      }
      throw e;
    }
  }

  private void answered(long begunNanos, RecordMetadata where, Exception failure) {
    synchronized (lock) {
      if (failure != null) {
        refused++;
        reason = explained(failure);
        // Nobody answers: what follows would wait as long, one after the other.
        givenUp |= failure instanceof TimeoutException;
      } else {
        acknowledged++;
        newest.addLast(
            new Answer(
                new TopicPartition(where.topic(), where.partition()),
                where.hasOffset() ? where.offset() : -1,
                (nanoTime.getAsLong() - begunNanos) / 1_000_000));
        if (newest.size() > NEWEST_KEPT) {
          newest.removeFirst();
        }
      }
      lock.notifyAll();
    }
  }

  private void failed(String why) {
    synchronized (lock) {
      reason = why;
    }
  }

  private void tell(State state) {
    SendProgress progress;
    toldNanos = nanoTime.getAsLong();
    synchronized (lock) {
      progress =
          new SendProgress(
              state,
              sent,
              acknowledged,
              refused,
              List.copyOf(newest),
              (toldNanos - beganNanos) / 1_000_000,
              reason);
    }
    listener.sent(progress);
  }

  private Map<String, Object> settings(String addresses) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        addresses,
        ProducerConfig.CLIENT_ID_CONFIG,
        "console-writer",
        ProducerConfig.ACKS_CONFIG,
        order.acks().setting(),
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        order.acks() == SendOrder.Acks.ALL,
        ProducerConfig.MAX_BLOCK_MS_CONFIG,
        MAX_BLOCK_MS,
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        REQUEST_TIMEOUT_MS,
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        DELIVERY_TIMEOUT_MS,
        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
        ByteArraySerializer.class,
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
        ByteArraySerializer.class);
  }
}
