package io.vitrine.cluster.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vitrine.cluster.metric.ClockTime;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import kafka.server.ClientQuotaManager;
import kafka.server.ClientRequestQuotaManager;
import kafka.server.ControllerMutationQuota;
import kafka.server.ControllerMutationQuotaManager;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Quota;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Sanitizer;
import org.apache.kafka.network.Session;
import org.apache.kafka.server.config.ClientQuotaManagerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

/**
 * Random lives of clients and their limits under one clock, told to Apache Kafka's own quota
 * managers and to ours: every throttle time, limit and metric is the same number.
 */
class QuotaOracleTest {
  private static final int STEPS = 3_000;
  private static final List<String> USERS = List.of("alice", "bob smith", "<default>");
  private static final List<String> CLIENTS = List.of("app", "app&co", "<default>");
  private static final int SAMPLES = 11;

  private final AtomicLong nanos = new AtomicLong(TimeUnit.HOURS.toNanos(5));
  private final ClockTime time = new ClockTime(nanos::get);
  private final Metrics kafkaMetrics = new Metrics(time);
  private final Metrics ourMetrics = new Metrics(time);
  private ClientQuotaManager oracle;

  /** Where an operator's own code decides: Kafka's and ours. */
  private List<TeamQuotas> teams = List.of();

  @AfterEach
  void end() {
    oracle.shutdown();
    kafkaMetrics.close();
    ourMetrics.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void bytes(long seed) throws Exception {
    oracle =
        new ClientQuotaManager(
            new ClientQuotaManagerConfig(SAMPLES, 1),
            kafkaMetrics,
            kafka.server.QuotaType.Produce$.MODULE$,
            time,
            "oracle",
            Option.empty());
    ClientQuota ours =
        new ClientQuota(
            QuotaType.PRODUCE,
            new QuotaLimits(),
            new QuotaWindows(SAMPLES, 1),
            ourMetrics,
            time::milliseconds);
    tellBytes(seed, ours);
  }

  /** Each has a callback of its own; they hear of the same limits and set the same. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anOperatorsOwnCodeDecides(long seed) throws Exception {
    TeamQuotas theirs = new TeamQuotas();
    TeamQuotas own = new TeamQuotas();
    teams = List.of(theirs, own);
    oracle =
        new ClientQuotaManager(
            new ClientQuotaManagerConfig(SAMPLES, 1),
            kafkaMetrics,
            kafka.server.QuotaType.Produce$.MODULE$,
            time,
            "oracle",
            Option.apply(theirs));
    ClientQuota ours =
        new ClientQuota(
            QuotaType.PRODUCE,
            new CallbackLimits(own, QuotaType.PRODUCE),
            new QuotaWindows(SAMPLES, 1),
            ourMetrics,
            time::milliseconds);
    tellBytes(seed, ours);
    assertThat(own.heard()).isEqualTo(theirs.heard()).hasSizeGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void requestTime(long seed) throws Exception {
    oracle =
        new ClientRequestQuotaManager(
            new ClientQuotaManagerConfig(SAMPLES, 1), kafkaMetrics, time, "oracle", Option.empty());
    RequestQuota ours =
        new RequestQuota(
            new QuotaLimits(), new QuotaWindows(SAMPLES, 1), ourMetrics, time::milliseconds);
    tell(seed, ours, random -> random.nextDouble() * 20, random -> 1 + random.nextInt(200));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void changesToTheCluster(long seed) throws Exception {
    ControllerMutationQuotaManager theirs =
        new ControllerMutationQuotaManager(
            new ClientQuotaManagerConfig(SAMPLES, 1), kafkaMetrics, time, "oracle", Option.empty());
    oracle = theirs;
    MutationQuota ours =
        new MutationQuota(
            new QuotaLimits(), new QuotaWindows(SAMPLES, 1), ourMetrics, time::milliseconds);
    Random random = new Random(seed);
    int refused = 0;
    for (int step = 0; step < STEPS; step++) {
      pass(random);
      if (random.nextInt(40) == 0 || step == 0) {
        changeLimit(random, ours, 1 + random.nextInt(20));
        continue;
      }
      Session session = session(random);
      String clientId = CLIENTS.get(random.nextInt(CLIENTS.size()));
      boolean strict = random.nextBoolean();
      ControllerMutationQuota theirBudget =
          strict
              ? theirs.newStrictQuotaFor(session, clientId)
              : theirs.newPermissiveQuotaFor(session, clientId);
      MutationBudget ourBudget = ours.budget(Client.of(session.principal, clientId), strict);
      for (int topic = random.nextInt(3); topic >= 0; topic--) {
        int partitions = 1 + random.nextInt(60);
        String theirAnswer =
            said(
                () -> {
                  theirBudget.record(partitions);
                  return "done";
                });
        assertThat(
                said(
                    () -> {
                      ourBudget.spend(partitions);
                      return "done";
                    }))
            .as("step %d", step)
            .isEqualTo(theirAnswer);
        refused += theirAnswer.equals("done") ? 0 : 1;
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(random.nextInt(30)));
      }
      assertThat(ourBudget.throttleMs()).as("step %d", step).isEqualTo(theirBudget.throttleTime());
    }
    assertThat(refused).as("what was refused").isGreaterThan(50);
    compareMetrics();
  }

  private static String said(Supplier<String> spend) {
    ThrottlingQuotaExceededException refused =
        catchThrowableOfType(ThrottlingQuotaExceededException.class, spend::get);
    return refused == null ? "done" : refused.throttleTimeMs() + " " + refused.getMessage();
  }

  private interface Amount {
    double of(Random random);
  }

  private void tellBytes(long seed, ClientQuota ours) throws Exception {
    tell(
        seed,
        ours,
        random -> random.nextInt(4) == 0 ? random.nextInt(1_000_000) : random.nextInt(5_000),
        random -> 1_000 + random.nextInt(100_000));
  }

  private void tell(long seed, ClientQuota ours, Amount use, Amount limit) throws Exception {
    Random random = new Random(seed);
    int throttled = 0;
    for (int step = 0; step < STEPS; step++) {
      pass(random);
      if (random.nextInt(40) == 0) {
        changeLimit(random, ours, Math.floor(limit.of(random)));
        continue;
      }
      if (!teams.isEmpty() && random.nextInt(40) == 0) {
        String team = TeamQuotas.teamOf(USERS.get(random.nextInt(USERS.size())));
        double bound = Math.floor(limit.of(random));
        teams.forEach(each -> each.decide(team, bound));
      }
      Session session = session(random);
      String clientId = CLIENTS.get(random.nextInt(CLIENTS.size()));
      Client client = Client.of(session.principal, clientId);
      double amount = use.of(random);
      int expected =
          oracle.maybeRecordAndGetThrottleTimeMs(session, clientId, amount, time.milliseconds());
      assertThat(ours.record(client, amount)).as("step %d", step).isEqualTo(expected);
      throttled += expected > 0 ? 1 : 0;
      assertThat(ours.mostAtOnce(client))
          .as("step %d", step)
          .isEqualTo(oracle.getMaxValueInQuotaWindow(session, clientId));
      assertThat(ours.limitOf(client))
          .as("step %d", step)
          .isEqualTo(oracle.quota(session.principal, clientId).bound());
      if (random.nextInt(5) == 0 && oracle.quotasEnabled()) {
        oracle.recordNoThrottle(session, clientId, -amount);
        ours.unrecord(client, amount);
      }
    }
    assertThat(throttled).as("who was held back").isGreaterThan(50);
    compareMetrics();
  }

  private void pass(Random random) {
    int ms = random.nextInt(200) == 0 ? random.nextInt(20_000) : random.nextInt(60);
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private static Session session(Random random) throws Exception {
    return new Session(
        new KafkaPrincipal(KafkaPrincipal.USER_TYPE, USERS.get(random.nextInt(USERS.size()))),
        InetAddress.getLoopbackAddress());
  }

  /** Of a user, a client or both, where each may be the default; as it stands in ZooKeeper. */
  private void changeLimit(Random random, ClientQuota ours, double bound) {
    int kind = random.nextInt(3);
    String user = kind == 1 ? null : node(random, USERS);
    String client = kind == 0 ? null : node(random, CLIENTS);
    String path = user == null ? "" : "users/" + user;
    if (client != null) {
      path += (path.isEmpty() ? "" : "/") + "clients/" + client;
    }
    boolean set = random.nextInt(4) != 0;
    oracle.updateQuota(
        Option.apply(user),
        Option.apply(client).map(Sanitizer::desanitize),
        Option.apply(client),
        set ? Option.apply(Quota.upperBound(bound)) : Option.empty());
    if (set) {
      ours.limit(QuotaEntity.ofPath(path), bound);
    } else {
      ours.release(QuotaEntity.ofPath(path));
    }
  }

  private static String node(Random random, List<String> names) {
    return random.nextInt(3) == 0
        ? "<default>"
        : Sanitizer.sanitize(names.get(random.nextInt(names.size())));
  }

  /** Names and values. */
  private void compareMetrics() {
    assertThat(values(ourMetrics)).isEqualTo(values(kafkaMetrics));
  }

  private static Map<String, Object> values(Metrics metrics) {
    return metrics.metrics().entrySet().stream()
        .filter(each -> !each.getKey().group().equals("kafka-metrics-count"))
        .collect(
            Collectors.toMap(each -> name(each.getKey()), each -> each.getValue().metricValue()));
  }

  private static String name(MetricName name) {
    return name.group() + " " + name.name() + " " + new TreeMap<>(name.tags());
  }
}
