package io.vitrine.cluster.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrafficLedgerTest {
  private final TrafficLedger ledger = new TrafficLedger();

  @Test
  void whatIsAcknowledgedAndReceivedIsWhole() {
    send(3);
    for (int i = 0; i < 3; i++) {
      ledger.acknowledged(i, i);
      ledger.received(i, 100 + i);
    }
    assertThat(ledger.counts()).isEqualTo(new TrafficLedger.Counts(3, 3, 3, 0, 0, 1));
    assertThat(ledger.settled()).isTrue();
  }

  @Test
  void anAcknowledgedRecordTheConsumerHasPassedIsMissing() {
    send(3);
    ledger.acknowledged(0, 0);
    ledger.acknowledged(1, 0);
    ledger.received(0, 10);
    ledger.received(2, 12);
    assertThat(ledger.counts().missing()).isEqualTo(1);
  }

  @Test
  void aPassedRecordIsMissingOnlyOnceItIsAcknowledged() {
    send(2);
    ledger.received(1, 11);
    assertThat(ledger.counts().missing()).isZero();
    ledger.acknowledged(0, 0);
    assertThat(ledger.counts().missing()).isEqualTo(1);
  }

  @Test
  void aRefusedRecordIsNeverMissingWhetherItIsInTheLogOrNot() {
    send(3);
    assertThat(ledger.refused(0)).isTrue();
    assertThat(ledger.refused(1)).isFalse();
    ledger.received(1, 11);
    ledger.received(2, 12);
    assertThat(ledger.counts().missing()).isZero();
    assertThat(ledger.counts().received()).isEqualTo(2);
  }

  @Test
  void theSameNumberAtALaterOffsetIsADuplicateButTheSameOffsetAgainIsNot() {
    send(2);
    ledger.received(0, 10);
    ledger.received(0, 10);
    assertThat(ledger.counts().duplicates()).isZero();
    ledger.received(0, 11);
    assertThat(ledger.counts().duplicates()).isEqualTo(1);
  }

  @Test
  void silenceIsAnInterruptionOnceAndEndsWithItsLength() {
    send(2);
    ledger.acknowledged(0, 1_000);
    assertThat(ledger.silent(1_400, 500)).isFalse();
    assertThat(ledger.silent(1_600, 500)).isTrue();
    assertThat(ledger.silent(1_700, 500)).isFalse();
    assertThat(ledger.acknowledged(1, 9_000)).isEqualTo(8_000);
    assertThat(ledger.silent(99_000, 500)).as("nothing is under way").isFalse();
  }

  @Test
  void noMoreThanTheLimitIsUnderWay() {
    assertThat(ledger.next(1, 0)).isZero();
    assertThat(ledger.next(1, 0)).isEqualTo(-1);
    ledger.acknowledged(0, 0);
    assertThat(ledger.next(1, 0)).isEqualTo(1);
  }

  private void send(int records) {
    for (int i = 0; i < records; i++) {
      assertThat(ledger.next(100, 0)).isEqualTo(i);
    }
  }
}
