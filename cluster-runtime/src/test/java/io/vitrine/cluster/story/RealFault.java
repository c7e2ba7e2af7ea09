package io.vitrine.cluster.story;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What can befall one broker that is a process; each returns once the fault is over. */
enum RealFault {
  HICCUP("is frozen for less than its session") {
    @Override
    void befall(Stage stage, int id, Random random) throws Exception {
      frozenFor(stage, id, between(random, 200, 1_700));
    }
  },
  FREEZE("is frozen for longer than its session") {
    @Override
    void befall(Stage stage, int id, Random random) throws Exception {
      frozenFor(stage, id, between(random, 4_000, 7_000));
    }
  },
  KILL("is killed") {
    @Override
    void befall(Stage stage, int id, Random random) throws Exception {
      stage.cluster().crash(id);
      stage.gone(id);
      stage.cluster().start(id);
    }
  },
  STOP("is stopped") {
    @Override
    void befall(Stage stage, int id, Random random) throws Exception {
      stage.cluster().stop(id);
      stage.gone(id);
      stage.cluster().start(id);
    }
  },
  RESETS("has all its connections reset") {
    @Override
    void befall(Stage stage, int id, Random random) {
      for (int i = between(random, 1, 5); i > 0; i--) {
        stage.cluster().links().of(id).forEach(Link::reset);
        pause(between(random, 50, 500));
      }
    }
  },
  SLOW("is far away: every packet takes its time") {
    @Override
    void befall(Stage stage, int id, Random random) {
      List<Link> links = stage.cluster().links().of(id);
      links.forEach(link -> link.delay(between(random, 20, 150)));
      pause(between(random, 2_000, 5_000));
      links.forEach(Link::heal);
    }
  },
  CUT_FROM_ONE("is cut off from another broker") {
    @Override
    void befall(Stage stage, int id, Random random) {
      int other = 1 + (id - 1 + between(random, 1, 3)) % 3;
      cutFor(stage.cluster().links().between(id, other), between(random, 2_000, 12_000));
    }
  },
  CUT_FROM_BROKERS("is cut off from both other brokers") {
    @Override
    void befall(Stage stage, int id, Random random) {
      cutFor(stage.cluster().links().toBrokers(id), between(random, 2_000, 12_000));
    }
  },
  CUT_FROM_CLIENTS("is cut off from clients") {
    @Override
    void befall(Stage stage, int id, Random random) {
      cutFor(List.of(stage.cluster().links().fromClients(id)), between(random, 1_000, 8_000));
    }
  },
  ZOOKEEPER_HICCUP("is cut off from ZooKeeper for less than its session") {
    @Override
    void befall(Stage stage, int id, Random random) {
      cutFor(List.of(stage.cluster().links().toZooKeeper(id)), between(random, 200, 1_700));
      stage.back(id);
    }
  },
  CUT_FROM_ZOOKEEPER("is cut off from ZooKeeper until others took over") {
    @Override
    void befall(Stage stage, int id, Random random) {
      cutBeyondSession(stage, id, List.of(stage.cluster().links().toZooKeeper(id)), random);
    }
  },
  ALONE("is cut off from all until others took over") {
    @Override
    void befall(Stage stage, int id, Random random) {
      cutBeyondSession(stage, id, stage.cluster().links().of(id), random);
    }
  };

  private final String story;

  RealFault(String story) {
    this.story = story;
  }

  /** Lets it happen to a broker, and ends it. */
  abstract void befall(Stage stage, int id, Random random) throws Exception;

  /** What happens, after the broker's name. */
  String story() {
    return story;
  }

  private static void frozenFor(Stage stage, int id, int ms) throws Exception {
    stage.cluster().freeze(id, true);
    pause(ms);
    stage.cluster().freeze(id, false);
    stage.back(id);
  }

  private static void cutFor(List<Link> links, int ms) {
    links.forEach(Link::cut);
    pause(ms);
    links.forEach(Link::heal);
  }

  private static void cutBeyondSession(Stage stage, int id, List<Link> links, Random random) {
    links.forEach(Link::cut);
    stage.gone(id);
    pause(between(random, 0, 3_000));
    links.forEach(Link::heal);
    stage.back(id);
  }

  /** Lets a fault last. */
  private static void pause(int ms) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private static int between(Random random, int from, int to) {
    return from + random.nextInt(to - from);
  }
}
