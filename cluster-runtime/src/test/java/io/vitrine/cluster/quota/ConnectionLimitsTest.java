package io.vitrine.cluster.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.cluster.metric.ClockTime;
import io.vitrine.protocol.server.ConnectionAdmission.Verdict;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.Test;

/** How many connections, how fast, from where. The clock stands unless it is moved. */
class ConnectionLimitsTest {
  private static final String CLIENTS = "CLIENTS";
  private static final String BROKERS = "BROKERS";
  private static final InetAddress ONE = address(1);
  private static final InetAddress TWO = address(2);
  private static final int ANY = Integer.MAX_VALUE;

  private final AtomicLong nanos = new AtomicLong(TimeUnit.HOURS.toNanos(1));
  private final ClockTime time = new ClockTime(nanos::get);
  private final Metrics metrics = new Metrics(time);

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private ConnectionLimits limits(ConnectionLimits.Bounds bounds, String... listeners) {
    return new ConnectionLimits(
        bounds, List.of(listeners), BROKERS, new QuotaWindows(11, 1), metrics, time::milliseconds);
  }

  @Test
  void anAddressHasItsNumberOrTheOneSetForIt() {
    ConnectionLimits limits =
        limits(new ConnectionLimits.Bounds(ANY, 2, Map.of(TWO, 1), ANY), CLIENTS);
    assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.TAKEN);
    assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.TAKEN);
    assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.closeAfter(0));
    assertThat(limits.enter(CLIENTS, TWO)).isEqualTo(Verdict.TAKEN);
    assertThat(limits.enter(CLIENTS, TWO)).isEqualTo(Verdict.closeAfter(0));
    limits.left(CLIENTS, ONE);
    assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.TAKEN);
  }

  @Test
  void atTheTotalTheBrokersListenerStillHasRoom() {
    AtomicInteger told = new AtomicInteger();
    ConnectionLimits limits =
        limits(new ConnectionLimits.Bounds(1, ANY, Map.of(), ANY), CLIENTS, BROKERS);
    limits.onRoom(CLIENTS, told::incrementAndGet);
    limits.enter(CLIENTS, ONE);
    assertThat(limits.hasRoom(CLIENTS)).isFalse();
    assertThat(limits.hasRoom(BROKERS)).isTrue();
    limits.left(CLIENTS, ONE);
    assertThat(told).hasValue(1);
    assertThat(limits.hasRoom(CLIENTS)).isTrue();
  }

  @Test
  void whatTheBrokersListenerTakesBeyondTheTotalIsTooManyElsewhere() {
    AtomicInteger told = new AtomicInteger();
    ConnectionLimits limits =
        limits(new ConnectionLimits.Bounds(1, ANY, Map.of(), ANY), CLIENTS, BROKERS);
    limits.onRoom(CLIENTS, told::incrementAndGet);
    limits.enter(CLIENTS, ONE);
    assertThat(limits.hasTooMany(CLIENTS)).isFalse();
    limits.enter(BROKERS, TWO);
    assertThat(told).hasValue(1);
    assertThat(limits.hasTooMany(CLIENTS)).isTrue();
    assertThat(limits.hasTooMany(BROKERS)).isFalse();
    limits.left(CLIENTS, ONE);
    assertThat(limits.hasTooMany(CLIENTS)).isFalse();
  }

  @Test
  void aListenerThatEndedIsForgottenWithItsLastConnection() {
    ConnectionLimits limits =
        limits(new ConnectionLimits.Bounds(1, ANY, Map.of(), ANY), CLIENTS, BROKERS);
    limits.onRoom(CLIENTS, () -> {});
    limits.enter(CLIENTS, ONE);
    limits.ended(CLIENTS);
    assertThat(limits.hasRoom(BROKERS)).as("protected from clients").isTrue();
    limits.left(CLIENTS, ONE);
    limits.enter(BROKERS, ONE);
    assertThat(limits.hasRoom(BROKERS)).as("alone now").isFalse();
  }

  @Test
  void aListenerAloneIsNotProtected() {
    ConnectionLimits limits = limits(new ConnectionLimits.Bounds(1, ANY, Map.of(), ANY), BROKERS);
    limits.enter(BROKERS, ONE);
    assertThat(limits.hasRoom(BROKERS)).isFalse();
  }

  /** Ten seconds' worth come at once; what is more waits, one second at most. */
  @Test
  void connectionsThatComeTooFastWait() {
    ConnectionLimits limits = limits(new ConnectionLimits.Bounds(ANY, ANY, Map.of(), 5), CLIENTS);
    List<Integer> waits = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      waits.add(limits.arrived(CLIENTS));
    }
    assertThat(waits.subList(0, 50)).containsOnly(0);
    // 51 in 10 s are 5.1 a second: 0.1 / 5 of 10 s too many.
    assertThat(waits.get(50)).isEqualTo(200);
    assertThat(waits.get(59)).isEqualTo(1_000);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(30));
    assertThat(limits.arrived(CLIENTS)).isZero();
  }

  @Test
  void anAddressThatComesTooFastIsRefusedAfterAWhileAndCountsNowhere() {
    ConnectionLimits limits = limits(new ConnectionLimits.Bounds(ANY, ANY, Map.of(), ANY), CLIENTS);
    limits.configure("ips/10.0.0.1", Map.of("connection_creation_rate", "1"));
    for (int i = 0; i < 10; i++) {
      assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.TAKEN);
      assertThat(limits.enter(CLIENTS, TWO)).isEqualTo(Verdict.TAKEN);
    }
    assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.closeAfter(1_000));
    assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.closeAfter(1_000));
    assertThat(limits.enter(CLIENTS, TWO)).isEqualTo(Verdict.TAKEN);
    limits.configure("ips/10.0.0.1", Map.of());
    assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.TAKEN);
  }

  @Test
  void anAddressIsForgottenAfterAnHour() {
    ConnectionLimits limits = limits(new ConnectionLimits.Bounds(ANY, ANY, Map.of(), ANY), CLIENTS);
    limits.configure("ips/<default>", Map.of("connection_creation_rate", "100"));
    limits.enter(CLIENTS, ONE);
    int measured = metrics.metrics().size();
    nanos.addAndGet(TimeUnit.MINUTES.toNanos(59));
    limits.forgetIdle();
    assertThat(metrics.metrics()).hasSize(measured);
    nanos.addAndGet(TimeUnit.MINUTES.toNanos(2));
    limits.forgetIdle();
    assertThat(metrics.metrics()).hasSize(measured - 1);
    assertThat(limits.enter(CLIENTS, ONE)).isEqualTo(Verdict.TAKEN);
  }

  @Test
  void theDefaultOfAddressesHoldsForThoseThatAreMeasuredAlready() {
    ConnectionLimits limits = limits(new ConnectionLimits.Bounds(ANY, ANY, Map.of(), ANY), CLIENTS);
    limits.configure("ips/<default>", Map.of("connection_creation_rate", "100"));
    for (int i = 0; i < 20; i++) {
      assertThat(limits.enter(CLIENTS, ONE).taken()).isTrue();
    }
    limits.configure("ips/<default>", Map.of("connection_creation_rate", "1"));
    assertThat(limits.enter(CLIENTS, ONE).taken()).isFalse();
  }
}
