package io.vitrine.console.group;

import io.vitrine.cluster.snapshot.TransactionView;
import io.vitrine.cluster.snapshot.TransactionsView;
import io.vitrine.console.live.Frame;
import java.util.List;

/** What is shown of transactions, worked out of a frame. Needs no toolkit. */
final class TransactionPage {
  private TransactionPage() {}

  /**
   * A transactional id.
   *
   * @param openMs for how long its transaction is open, -1 when none is
   */
  record TransactionRow(TransactionView view, boolean coordinatorLives, long openMs) {
    /** How much of its time has passed, 0 to 1. */
    double share() {
      return openMs < 0 || view.timeoutMs() <= 0
          ? 0
          : Math.min(1, openMs / (double) view.timeoutMs());
    }
  }

  /**
   * What waits for a marker in a partition.
   *
   * @param end the leader's high watermark, -1 when it is not known
   * @param heldBack records a read_committed consumer cannot have because of it, -1 not known
   */
  record OpenRow(TransactionsView.Open open, long end, long heldBack, long sinceMs) {}

  static List<TransactionRow> transactions(Frame frame) {
    return frame.snapshot().transactions().byId().values().stream()
        .map(
            view ->
                new TransactionRow(
                    view,
                    GroupPage.lives(frame.snapshot(), view.coordinator()),
                    view.openMs() < 0 ? -1 : view.openMs() + frame.sinceMs(view.sampledNanos())))
        .toList();
  }

  static List<OpenRow> open(Frame frame) {
    return frame.snapshot().transactions().open().stream()
        .map(
            open -> {
              long end = GroupPage.end(frame.snapshot(), open.partition());
              return new OpenRow(
                  open,
                  end,
                  end < 0 ? GroupPage.UNKNOWN : Math.max(0, end - open.firstOffset()),
                  frame.sinceMs(open.sinceNanos()));
            })
        .toList();
  }
}
