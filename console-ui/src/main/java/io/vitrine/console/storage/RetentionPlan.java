package io.vitrine.console.storage;

import java.util.ArrayList;
import java.util.List;

/**
 * What retention would take from a log by Kafka's rules: first by size, then by time, from the
 * oldest segment on, never above the high watermark. Pure; needs no toolkit.
 *
 * @param verdicts a segment each, oldest first
 * @param goes how many of the oldest go at the next check
 * @param bytesGone of these
 * @param recordsGone offsets of these
 * @param nextAtMs when the first that stays may go by time, -1 never or not known
 * @param worstBytes the most the log takes on one disk by its limits, -1 without a limit
 * @param bytesPerSecond at which the log has grown by its timestamps, -1 not known
 */
record RetentionPlan(
    List<Verdict> verdicts,
    int goes,
    long bytesGone,
    long recordsGone,
    long nextAtMs,
    long worstBytes,
    double bytesPerSecond) {
  RetentionPlan {
    verdicts = List.copyOf(verdicts);
  }

  /** A segment. */
  record Piece(
      long baseOffset, long nextOffset, long sizeBytes, long largestTimestampMs, boolean active) {}

  /**
   * The settings; -1 no limit.
   *
   * @param deletes whether {@code cleanup.policy} contains delete
   */
  record Rule(long retentionMs, long retentionBytes, long segmentBytes, boolean deletes) {
    /** Kafka's defaults. */
    static Rule defaults() {
      return new Rule(7L * 24 * 60 * 60 * 1000, -1, 1L << 30, true);
    }
  }

  /** Why a segment goes or stays. */
  enum Reason {
    SIZE,
    TIME,
    /** Its time has not come. */
    YOUNG,
    /** An older one stays. */
    BEHIND,
    /** Above the high watermark. */
    FENCED,
    /** Empty and active. */
    EMPTY,
    /** There is no limit it can break. */
    UNLIMITED
  }

  /**
   * What becomes of a segment.
   *
   * @param atMs when it may go by time, those before it counted in; -1 never or not known
   */
  record Verdict(Piece piece, Reason reason, long atMs) {
    boolean goes() {
      return reason == Reason.SIZE || reason == Reason.TIME;
    }
  }

  /**
   * A plan.
   *
   * @param pieces in use, oldest first
   * @param highWatermark -1 not known: then nothing is held back
   */
  static RetentionPlan of(List<Piece> pieces, Rule rule, long highWatermark, long nowMs) {
    List<Verdict> verdicts = new ArrayList<>();
    long tooMuch =
        rule.retentionBytes() < 0
            ? -1
            : pieces.stream().mapToLong(Piece::sizeBytes).sum() - rule.retentionBytes();
    boolean going = rule.deletes();
    boolean bySize = true;
    long expiry = -1;
    int goes = 0;
    long bytes = 0;
    long records = 0;
    for (Piece piece : pieces) {
      expiry = expiry(piece, rule, expiry);
      Reason reason = Reason.BEHIND;
      if (going) {
        bySize = bySize && tooMuch >= piece.sizeBytes();
        reason = judge(piece, rule, highWatermark, nowMs, bySize);
      } else if (!rule.deletes()) {
        reason = Reason.UNLIMITED;
      }
      Verdict verdict = new Verdict(piece, reason, rule.deletes() ? expiry : -1);
      verdicts.add(verdict);
      going = going && verdict.goes();
      if (going) {
        goes++;
        tooMuch -= piece.sizeBytes();
        bytes += piece.sizeBytes();
        records += Math.max(0, piece.nextOffset() - piece.baseOffset());
      }
    }
    return new RetentionPlan(
        verdicts,
        goes,
        bytes,
        records,
        goes < verdicts.size() ? verdicts.get(goes).atMs() : -1,
        rule.deletes() && rule.retentionBytes() >= 0
            ? rule.retentionBytes() + rule.segmentBytes()
            : -1,
        rate(pieces));
  }

  private static Reason judge(
      Piece piece, Rule rule, long highWatermark, long nowMs, boolean bySize) {
    if (piece.active() && piece.sizeBytes() == 0) {
      return Reason.EMPTY;
    }
    boolean byTime =
        rule.retentionMs() >= 0
            && piece.largestTimestampMs() >= 0
            && nowMs - piece.largestTimestampMs() > rule.retentionMs();
    if (!bySize && !byTime) {
      return rule.retentionMs() < 0 && rule.retentionBytes() < 0 ? Reason.UNLIMITED : Reason.YOUNG;
    }
    if (highWatermark >= 0 && piece.nextOffset() > highWatermark) {
      return Reason.FENCED;
    }
    return bySize ? Reason.SIZE : Reason.TIME;
  }

  private static long expiry(Piece piece, Rule rule, long before) {
    boolean never = rule.retentionMs() > Long.MAX_VALUE / 2;
    if (rule.retentionMs() < 0 || never || piece.largestTimestampMs() < 0) {
      return -1;
    }
    return Math.max(before, piece.largestTimestampMs() + rule.retentionMs() + 1);
  }

  /** By the segments behind the first one: its own beginning is not known. */
  private static double rate(List<Piece> pieces) {
    if (pieces.size() < 2) {
      return -1;
    }
    long from = pieces.get(0).largestTimestampMs();
    long to = pieces.get(pieces.size() - 1).largestTimestampMs();
    long bytes = pieces.stream().skip(1).mapToLong(Piece::sizeBytes).sum();
    return from < 0 || to <= from ? -1 : bytes * 1000.0 / (to - from);
  }
}
