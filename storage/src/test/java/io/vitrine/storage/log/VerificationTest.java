package io.vitrine.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.storage.producer.ActiveProducer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transactions verified before they begin in a log, as by Kafka's own log: lives told at random to
 * both, in which guards are taken, kept too long, and shown again.
 */
class VerificationTest {
  private static final int LIVES = 60;
  private static final int STEPS = 60;

  @TempDir Path directory;

  @Test
  void opensTransactionsWhereKafkaDoes() throws Exception {
    for (int life = 0; life < LIVES; life++) {
      new Life(directory.resolve("life-" + life), new Random(life)).live();
    }
  }

  private static final class Life {
    private final Random random;
    private final LogFixture fixture = new LogFixture();
    private final PartitionLog ours;
    private final OracleLog kafka;
    private final List<Guards> kept = new ArrayList<>();
    private final List<String> story = new ArrayList<>();

    private record Guards(
        VerificationGuard ours, org.apache.kafka.storage.internals.log.VerificationGuard theirs) {}

    Life(Path directory, Random random) throws Exception {
      this.random = random;
      LogSettings settings = LogSettings.defaults();
      this.ours = fixture.open(directory.resolve("ours"), settings, false);
      this.kafka = new OracleLog(directory.resolve("theirs"), settings, fixture.clock);
      kafka.open(PartitionLog.Checkpointed.NOTHING, false);
      kafka
          .log()
          .producerStateManager()
          .producerStateManagerConfig()
          .setTransactionVerificationEnabled(true);
      kept.add(
          new Guards(
              VerificationGuard.NONE,
              org.apache.kafka.storage.internals.log.VerificationGuard.SENTINEL));
    }

    void live() {
      for (int step = 0; step < STEPS; step++) {
        long producer = 1 + random.nextInt(2);
        short epoch = (short) random.nextInt(3);
        int sequence = 2 * random.nextInt(3);
        switch (random.nextInt(4)) {
          case 0 -> verify(producer, epoch, sequence);
          case 1 -> marker(producer, epoch);
          default -> append(producer, epoch, sequence);
        }
        assertThat(known(ours)).as("producers after %s", story).isEqualTo(knownToKafka());
      }
      ours.close();
      kafka.log().close();
    }

    private void verify(long producer, short epoch, int sequence) {
      story.add("verify " + producer + " epoch " + epoch + " from " + sequence);
      VerificationGuard guard = ours.beginVerification(producer, epoch, sequence);
      var theirs = kafka.log().maybeStartTransactionVerification(producer, sequence, epoch);
      assertThat(guard == VerificationGuard.NONE)
          .as("open already: %s", story)
          .isEqualTo(theirs == org.apache.kafka.storage.internals.log.VerificationGuard.SENTINEL);
      kept.add(new Guards(guard, theirs));
    }

    private void append(long producer, short epoch, int sequence) {
      Guards guards = kept.get(kept.size() - 1 - Math.min(random.nextInt(3), kept.size() - 1));
      boolean transactional = random.nextInt(5) > 0;
      boolean numbered = random.nextInt(5) > 0;
      story.add(
          (transactional ? "append " : "append plain ")
              + producer
              + " epoch "
              + epoch
              + (numbered ? " from " + sequence : " by a coordinator"));
      MemoryRecords batch = batch(producer, epoch, numbered ? sequence : 0, transactional);
      same(
          batch,
          numbered ? Origin.CLIENT : Origin.COORDINATOR,
          numbered ? AppendOrigin.CLIENT : AppendOrigin.COORDINATOR,
          guards);
    }

    private void marker(long producer, short epoch) {
      story.add("abort " + producer + " epoch " + epoch);
      same(
          MemoryRecords.withEndTransactionMarker(
              LogFixture.NOW_MS,
              producer,
              epoch,
              new EndTransactionMarker(ControlRecordType.ABORT, 0)),
          Origin.COORDINATOR,
          AppendOrigin.COORDINATOR,
          kept.get(0));
    }

    private void same(MemoryRecords batch, Origin origin, AppendOrigin theirs, Guards guards) {
      MemoryRecords copy = LogFixture.copy(batch);
      String mine = outcome(() -> ours.appendAsLeader(batch, 0, origin, guards.ours()));
      String expected =
          outcome(
              () ->
                  kafka
                      .log()
                      .appendAsLeader(
                          copy,
                          0,
                          theirs,
                          kafka.log().appendAsLeader$default$4(),
                          kafka.log().appendAsLeader$default$5(),
                          guards.theirs()));
      story.add(expected);
      assertThat(mine).as("%s", story).isEqualTo(expected);
      assertThat(ours.logEndOffset()).isEqualTo(kafka.log().logEndOffset());
    }

    private static String outcome(Runnable append) {
      try {
        append.run();
        return "taken";
      } catch (RuntimeException e) {
        return e.getClass().getSimpleName();
      }
    }

    private static Map<Long, ActiveProducer> known(PartitionLog log) {
      Map<Long, ActiveProducer> known = new HashMap<>();
      log.activeProducers().forEach(each -> known.put(each.producerId(), each));
      return known;
    }

    private Map<Long, ActiveProducer> knownToKafka() {
      Map<Long, ActiveProducer> known = new HashMap<>();
      kafka
          .log()
          .activeProducers()
          .foreach(
              each ->
                  known.put(
                      each.producerId(),
                      new ActiveProducer(
                          each.producerId(),
                          (short) each.producerEpoch(),
                          each.lastSequence(),
                          each.lastTimestamp(),
                          each.coordinatorEpoch(),
                          each.currentTxnStartOffset())));
      return known;
    }

    private static MemoryRecords batch(
        long producer, short epoch, int sequence, boolean transactional) {
      SimpleRecord[] records = {
        new SimpleRecord(LogFixture.NOW_MS, new byte[] {1}, new byte[] {2}),
        new SimpleRecord(LogFixture.NOW_MS, new byte[] {3}, new byte[] {4})
      };
      return transactional
          ? MemoryRecords.withTransactionalRecords(
              Compression.NONE, producer, epoch, sequence, records)
          : MemoryRecords.withIdempotentRecords(
              Compression.NONE, producer, epoch, sequence, records);
    }
  }
}
