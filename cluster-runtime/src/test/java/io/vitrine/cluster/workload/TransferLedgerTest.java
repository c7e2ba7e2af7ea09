package io.vitrine.cluster.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the books of transfers call right and wrong. */
class TransferLedgerTest {
  private final TransferLedger ledger = new TransferLedger();
  private final long[] ends = new long[3];

  private void received(int partition, long number) {
    ledger.received(partition, number, ends[partition]++);
  }

  private void counts(long committed, long aborted, long received, long wrong) {
    assertThat(ledger.counts())
        .isEqualTo(new TransferLedger.Counts(committed, aborted, received, wrong));
  }

  @Test
  void aCommittedTransferIsReadWholeBeforeOrAfterTheAnswer() {
    long early = ledger.begin(0, 1);
    received(0, early);
    received(1, early);
    ledger.committed(early);
    long late = ledger.begin(1, 2);
    ledger.committed(late);
    assertThat(ledger.settled()).isFalse();
    received(2, late);
    counts(2, 0, 1, 0);
    received(1, late);
    counts(2, 0, 2, 0);
    assertThat(ledger.settled()).isTrue();
  }

  @Test
  void aHalfThatWasPassedIsWrong() {
    long torn = ledger.begin(0, 1);
    ledger.committed(torn);
    received(0, torn);
    long next = ledger.begin(0, 1);
    ledger.committed(next);
    received(1, next);
    counts(2, 0, 0, 1);
  }

  @Test
  void anAbortedTransferIsNeverRead() {
    long before = ledger.begin(0, 1);
    ledger.aborted(before);
    received(0, before);
    counts(0, 1, 0, 1);
    long tooSoon = ledger.begin(0, 1);
    received(1, tooSoon);
    ledger.aborted(tooSoon);
    counts(0, 2, 0, 2);
  }

  @Test
  void whatNobodyKnowsIsReadWholeOrNotAtAll() {
    long gone = ledger.begin(0, 1);
    ledger.unknown(gone);
    long whole = ledger.begin(0, 1);
    ledger.unknown(whole);
    received(0, whole);
    received(1, whole);
    counts(0, 0, 1, 0);
    long torn = ledger.begin(0, 1);
    ledger.unknown(torn);
    received(0, torn);
    long next = ledger.begin(0, 1);
    received(1, next);
    counts(0, 0, 1, 1);
  }

  @Test
  void theSameRecordAgainIsNothingAndACopyOfItIsWrong() {
    long number = ledger.begin(0, 1);
    ledger.committed(number);
    ledger.received(0, number, 5);
    ledger.received(0, number, 5);
    ledger.received(1, number, 5);
    counts(1, 0, 1, 0);
    ledger.received(0, number, 6);
    counts(1, 0, 1, 1);
  }
}
