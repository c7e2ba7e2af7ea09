package io.vitrine.cluster.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DecayingSampleTest {
  private static final double DECAY = 0.015;
  private static final long START = -5_000_000_000L;

  @Test
  void everythingStaysUntilItIsFull() {
    DecayingSample sample = new DecayingSample(100, DECAY, START, new Random(1)::nextExponential);

    assertThat(sample.sorted()).isEmpty();
    for (long value = 100; value > 0; value--) {
      sample.update(value, START);
    }

    assertThat(sample.sorted()).containsExactly(LongStream.rangeClosed(1, 100).toArray());
  }

  @Test
  void withoutChanceTheNewestStay() {
    DecayingSample sample = new DecayingSample(100, DECAY, START, () -> 1);

    for (long second = 0; second < 1_000; second++) {
      sample.update(second, START + TimeUnit.SECONDS.toNanos(second));
    }

    assertThat(sample.sorted()).containsExactly(LongStream.range(900, 1_000).toArray());
  }

  @Test
  void withoutTimeAllHaveTheSameChance() {
    DecayingSample sample = new DecayingSample(1_000, DECAY, START, new Random(2)::nextExponential);

    for (long value = 0; value < 100_000; value++) {
      sample.update(value, START);
    }

    assertThat(sample.sorted()).hasSize(1_000).doesNotHaveDuplicates();
    assertThat(Arrays.stream(sample.sorted()).average().orElseThrow())
        .isCloseTo(50_000, within(4_000.0));
  }

  /** At an even rate, e^-1 of the sample are older than 1/decay, whatever the length of the run. */
  @Test
  void weightFallsWithAge() {
    DecayingSample sample = new DecayingSample(1_000, DECAY, START, new Random(3)::nextExponential);
    long seconds = TimeUnit.DAYS.toSeconds(1);

    for (long tenth = 0; tenth < 10 * seconds; tenth++) {
      sample.update(tenth, START + TimeUnit.MILLISECONDS.toNanos(100 * tenth));
    }

    double oldest = 10 * (seconds - 1 / DECAY);
    double share = Arrays.stream(sample.sorted()).filter(value -> value < oldest).count() / 1e3;
    assertThat(share).isCloseTo(Math.exp(-1), within(0.07));
  }

  @Test
  void manyThreadsFillIt() {
    DecayingSample sample = new DecayingSample(1_000, DECAY, START, new Random(4)::nextExponential);

    List<CompletableFuture<Void>> threads =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (long i = 0; i < 10_000; i++) {
                            sample.update(4 * i + thread, START + i);
                          }
                        }))
            .toList();
    threads.forEach(CompletableFuture::join);

    assertThat(sample.sorted()).hasSize(1_000).doesNotHaveDuplicates();
  }
}
