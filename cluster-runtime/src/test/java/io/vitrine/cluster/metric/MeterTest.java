package io.vitrine.cluster.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.yammer.metrics.stats.EWMA;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Beside the meter Kafka has, ticked at the same times. */
class MeterTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong nanos = new AtomicLong(-3 * SECOND);
  private final Meter meter = new Meter(nanos::get);
  private final EWMA one = EWMA.oneMinuteEWMA();
  private final EWMA five = EWMA.fiveMinuteEWMA();
  private final EWMA fifteen = EWMA.fifteenMinuteEWMA();

  @Test
  void nothingHappened() {
    nanos.addAndGet(Meter.INTERVAL_SECONDS * SECOND);
    meter.tick();

    assertThat(meter.count()).isZero();
    assertThat(meter.meanRate()).isZero();
    assertThat(meter.oneMinuteRate()).isZero();
  }

  @Test
  void averagesMoveWhenAnIntervalIsOver() {
    meter.mark(10);
    nanos.addAndGet(Meter.INTERVAL_SECONDS * SECOND - 1);
    meter.tick();
    assertThat(meter.oneMinuteRate()).isZero();
    nanos.addAndGet(1);
    meter.tick();
    assertThat(meter.oneMinuteRate()).isEqualTo(2);
    meter.tick();
    assertThat(meter.oneMinuteRate()).isEqualTo(2);
    nanos.addAndGet(120 * SECOND);
    meter.tick();
    assertThat(meter.oneMinuteRate()).as("two minutes later").isCloseTo(0.27, within(0.01));
  }

  @Test
  void averagesAreThoseOfKafka() {
    Random random = new Random(1);
    long all = 0;
    for (int interval = 1; interval <= 1_000; interval++) {
      int times = interval % 100 < 50 ? random.nextInt(1_000) : 0;
      meter.mark(times);
      one.update(times);
      five.update(times);
      fifteen.update(times);
      nanos.addAndGet(Meter.INTERVAL_SECONDS * SECOND);
      meter.tick();
      one.tick();
      five.tick();
      fifteen.tick();
      all += times;

      assertThat(meter.count()).isEqualTo(all);
      assertThat(meter.meanRate())
          .isCloseTo((double) all / interval / Meter.INTERVAL_SECONDS, within(1e-9));
      assertThat(meter.oneMinuteRate()).isCloseTo(one.rate(TimeUnit.SECONDS), within(1e-6));
      assertThat(meter.fiveMinuteRate()).isCloseTo(five.rate(TimeUnit.SECONDS), within(1e-6));
      assertThat(meter.fifteenMinuteRate()).isCloseTo(fifteen.rate(TimeUnit.SECONDS), within(1e-6));
    }
  }
}
