package io.vitrine.cluster.testing;

import io.vitrine.cluster.quota.QuotaWindows;
import io.vitrine.cluster.quota.Quotas;
import java.util.Optional;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;

/** Limits of a broker on which none is set. */
public final class Unlimited {
  private Unlimited() {}

  public static Quotas quotas() {
    QuotaWindows windows = new QuotaWindows(11, 1);
    return new Quotas(Optional.empty(), windows, windows, new Metrics(), Time.SYSTEM::milliseconds);
  }
}
