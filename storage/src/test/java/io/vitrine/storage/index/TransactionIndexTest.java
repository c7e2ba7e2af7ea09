package io.vitrine.storage.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitrine.storage.file.RealFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.storage.internals.log.AbortedTxn;
import org.apache.kafka.storage.internals.log.TxnIndexSearchResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** M61: the transaction index answers as Apache Kafka 3.9.2's own, and leaves the same bytes. */
class TransactionIndexTest {
  @TempDir private Path directory;
  private TransactionIndex ours;
  private org.apache.kafka.storage.internals.log.TransactionIndex kafka;

  @BeforeEach
  void open() throws IOException {
    ours = new TransactionIndex(new RealFiles(), directory.resolve("ours.txnindex"));
    kafka =
        new org.apache.kafka.storage.internals.log.TransactionIndex(
            0, directory.resolve("theirs.txnindex").toFile());
  }

  @AfterEach
  void close() throws IOException {
    ours.close();
    kafka.close();
    if (Files.exists(directory.resolve("theirs.txnindex"))) {
      assertThat(ours.path()).hasSameBinaryContentAs(directory.resolve("theirs.txnindex"));
    } else {
      assertThat(ours.path()).doesNotExist();
    }
  }

  private void fill(int count) throws IOException {
    Random random = new Random(count);
    long last = 0;
    for (int i = 0; i < count; i++) {
      last += 1 + random.nextInt(20);
      long first = Math.max(0, last - 1 - random.nextInt(60));
      long stable = Math.max(0, last - random.nextInt(40));
      ours.append(new AbortedTransaction(i % 3, first, last, stable));
      kafka.append(new AbortedTxn(i % 3, first, last, stable));
    }
  }

  private static List<AbortedTransaction> same(List<AbortedTxn> theirs) {
    return theirs.stream()
        .map(
            each ->
                new AbortedTransaction(
                    each.producerId(),
                    each.firstOffset(),
                    each.lastOffset(),
                    each.lastStableOffset()))
        .toList();
  }

  @ParameterizedTest(name = "{0} entries")
  @ValueSource(ints = {0, 1, 2, 30})
  void collectsWhatAReaderMustKnow(int count) throws IOException {
    fill(count);
    assertThat(ours.all()).isEqualTo(same(kafka.allAbortedTxns()));
    for (long from = 0; from < 320; from += 7) {
      for (long upTo = from; upTo < from + 80; upTo += 5) {
        TxnIndexSearchResult expected = kafka.collectAbortedTxns(from, upTo);
        List<AbortedTransaction> found = new ArrayList<>();
        assertThat(ours.collect(from, upTo, found)).isEqualTo(expected.isComplete);
        assertThat(found).isEqualTo(same(expected.abortedTransactions));
      }
    }
  }

  @ParameterizedTest(name = "{0} entries, cut at {1}")
  @CsvSource({"0,0", "1,0", "1,500", "30,0", "30,50", "30,150", "30,1000"})
  void cutsMarkersAtOrAboveAnOffset(int count, long offset) throws IOException {
    fill(count);
    ours.truncateTo(offset);
    kafka.truncateTo(offset);
    assertThat(ours.all()).isEqualTo(same(kafka.allAbortedTxns()));
    ours.append(new AbortedTransaction(9, 2_000, 2_001, 2_000));
    kafka.append(new AbortedTxn(9, 2_000, 2_001, 2_000));
    assertThat(ours.all()).isEqualTo(same(kafka.allAbortedTxns()));
  }

  @Test
  void markersRise() throws IOException {
    fill(1);
    AbortedTransaction again = ours.all().get(0);
    assertThatThrownBy(
            () -> kafka.append(new AbortedTxn(1, again.firstOffset(), again.lastOffset(), 0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ours.append(again))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not follow");
  }

  @Test
  void hasNoFileBeforeItsFirstEntry() throws IOException {
    assertThat(ours.all()).isEmpty();
    assertThat(ours.sizeBytes()).isZero();
    ours.reset();
    ours.flush();
    assertThat(ours.path()).doesNotExist();
  }

  @Test
  void isReadAgainFromItsFile() throws IOException {
    fill(12);
    List<AbortedTransaction> before = ours.all();
    ours.close();
    ours = new TransactionIndex(new RealFiles(), ours.path());
    assertThat(ours.all()).isEqualTo(before);
    assertThat(ours.sizeBytes()).isEqualTo(12L * TransactionIndex.ENTRY_BYTES);
  }

  @ParameterizedTest(name = "cut to {0} bytes, version {1}")
  @CsvSource({"33,0", "35,0", "67,0", "68,1", "34,77"})
  void refusesWhatNobodyCanHaveWritten(int bytes, int version) throws IOException {
    fill(2);
    ours.close();
    kafka.close();
    byte[] content = Arrays.copyOf(Files.readAllBytes(ours.path()), bytes);
    content[0] = (byte) version;
    Path unsound = directory.resolve("unsound.txnindex");
    Files.write(unsound, content);
    TransactionIndex index = new TransactionIndex(new RealFiles(), unsound);
    assertThatThrownBy(index::all)
        .isInstanceOf(CorruptIndexException.class)
        .hasMessageContaining("unsound.txnindex");
    try (org.apache.kafka.storage.internals.log.TransactionIndex theirs =
        new org.apache.kafka.storage.internals.log.TransactionIndex(0, unsound.toFile())) {
      if (version > 0) {
        assertThatThrownBy(theirs::allAbortedTxns).isInstanceOf(RuntimeException.class);
      } else {
        // Kafka passes over a torn entry, and with it over a transaction that was aborted.
        assertThat(theirs.allAbortedTxns()).hasSize(bytes / TransactionIndex.ENTRY_BYTES);
      }
    }
    index.reset();
    assertThat(index.all()).isEmpty();
    assertThat(Files.size(unsound)).isZero();
    index.close();
  }
}
