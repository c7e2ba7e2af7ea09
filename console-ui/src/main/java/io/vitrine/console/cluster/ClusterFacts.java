package io.vitrine.console.cluster;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.event.ClusterEvent.MemberRole;
import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.ControllerView;
import io.vitrine.cluster.snapshot.SessionView;
import io.vitrine.cluster.snapshot.ZooKeeperView;
import io.vitrine.console.live.Facts;
import io.vitrine.console.live.Facts.Fact;
import io.vitrine.console.live.Facts.Tone;
import io.vitrine.console.live.FactsSource;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The facts of brokers, the controller and ZooKeeper. Needs no toolkit. */
public final class ClusterFacts implements FactsSource {
  private static final int REIGNS_SHOWN = 6;

  private final Messages texts;
  private final Quantities quantities;

  /** Facts in this language. */
  public ClusterFacts(Locale locale) {
    this.texts = Messages.of(ClusterFacts.class, locale);
    this.quantities = new Quantities(locale);
  }

  @Override
  public Optional<Facts> facts(Selection.Item item, Frame frame) {
    if (item instanceof Selection.Broker broker) {
      return frame.snapshot().broker(broker.id()).map(view -> broker(view, frame));
    }
    if (item instanceof Selection.Controller) {
      return Optional.of(controller(frame));
    }
    if (item instanceof Selection.ZooKeeper) {
      return Optional.of(zooKeeper(frame));
    }
    return Optional.empty();
  }

  // ---- brokers
  // -----------------------------------------------------------------------------------

  private Facts broker(BrokerView broker, Frame frame) {
    ClusterSnapshot snapshot = frame.snapshot();
    boolean running = broker.state() == BrokerState.SERVING;
    Tone measured = running ? Tone.PLAIN : Tone.IDLE;
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact(
            texts.get("fact-state"),
            texts.get("state-" + broker.state().name().toLowerCase(Locale.ROOT)),
            running ? Tone.OK : Tone.WARN));
    facts.add(
        new Fact(
            texts.get("fact-epoch"),
            broker.brokerEpoch() < 0 ? "–" : Long.toString(broker.brokerEpoch())));
    facts.add(
        new Fact(
            texts.get("fact-address"),
            broker.port() == 0 ? "–" : broker.host() + ":" + broker.port()));
    if (broker.idSource() != null) {
      facts.add(
          new Fact(
              texts.get("fact-id-source"),
              texts.get("source-" + broker.idSource().name().toLowerCase(Locale.ROOT))));
    }
    session(broker.session(), frame, facts);
    partitions(broker.id(), snapshot, facts);
    load(broker, measured, facts);
    return new Facts(
        texts.get("broker", Integer.toString(broker.id())),
        snapshot.controller().brokerId() == broker.id()
            ? snapshot.controller().epoch() < 0
                ? texts.get("controller-untold")
                : texts.get("controller-here", Integer.toString(snapshot.controller().epoch()))
            : "",
        facts,
        actions(broker),
        rule(broker, frame));
  }

  private void session(SessionView session, Frame frame, List<Fact> facts) {
    if (session.id() == 0) {
      return;
    }
    boolean runsOut = session.state() == SessionView.State.RUNNING_OUT;
    facts.add(
        new Fact(
            texts.get("fact-session"),
            runsOut
                ? texts.get("running-out-value", quantities.millis(leftMs(session, frame)))
                : quantities.millis(session.timeoutMs()),
            runsOut ? Tone.WARN : session.alive() ? Tone.PLAIN : Tone.IDLE));
    facts.add(
        new Fact(
            texts.get("fact-session-id"),
            "0x" + Long.toHexString(session.id()),
            session.alive() ? Tone.PLAIN : Tone.IDLE));
  }

  private void partitions(int id, ClusterSnapshot snapshot, List<Fact> facts) {
    long leads = snapshot.partitions().values().stream().filter(p -> p.leader() == id).count();
    long preferred =
        snapshot.partitions().values().stream().filter(p -> p.preferredLeader() == id).count();
    long replicas =
        snapshot.partitions().values().stream().filter(p -> p.assignment().contains(id)).count();
    long inSync = snapshot.partitions().values().stream().filter(p -> p.isr().contains(id)).count();
    facts.add(
        new Fact(
            texts.get("fact-leaders"),
            Long.toString(leads),
            leads < preferred ? Tone.WARN : Tone.PLAIN));
    facts.add(new Fact(texts.get("fact-preferred"), Long.toString(preferred)));
    facts.add(
        new Fact(
            texts.get("fact-in-sync"),
            texts.get("of", Long.toString(inSync), Long.toString(replicas)),
            inSync < replicas ? Tone.WARN : Tone.PLAIN));
  }

  private void load(BrokerView broker, Tone tone, List<Fact> facts) {
    RequestSample requests = broker.requests();
    if (requests.told()) {
      pipeline(broker, requests, tone, facts);
    } else {
      facts.add(new Fact(texts.get("fact-pipeline"), texts.get("untold"), Tone.IDLE));
    }
    for (DirectorySample directory : broker.storage().directories()) {
      facts.add(
          new Fact(
              texts.get("fact-directory"), directory.path(), directory.online() ? tone : Tone.BAD));
      facts.add(new Fact(texts.get("fact-free"), quantities.bytes(directory.freeBytes()), tone));
    }
  }

  private void pipeline(BrokerView broker, RequestSample requests, Tone tone, List<Fact> facts) {
    facts.add(
        new Fact(texts.get("fact-connections"), Integer.toString(requests.connections()), tone));
    facts.add(
        new Fact(
            texts.get("fact-queue"),
            texts.get(
                "queue-of",
                Integer.toString(requests.requestQueueLength()),
                Integer.toString(requests.requestQueueCapacity())),
            tone));
    facts.add(
        new Fact(
            texts.get("fact-io"),
            texts.get(
                "of",
                Integer.toString(requests.busyIoThreads()),
                Integer.toString(requests.ioThreads())),
            tone));
    facts.add(
        new Fact(
            texts.get("fact-purgatory"),
            Integer.toString(requests.produceWaiting() + requests.fetchWaiting()),
            tone));
    facts.add(
        new Fact(texts.get("fact-in"), quantities.bytesPerSecond(broker.rates().bytesIn()), tone));
    facts.add(
        new Fact(
            texts.get("fact-out"), quantities.bytesPerSecond(broker.rates().bytesOut()), tone));
    facts.add(
        new Fact(
            texts.get("fact-zero-copy"),
            quantities.bytesPerSecond(broker.rates().zeroCopyBytesOut()),
            tone));
  }

  private List<Facts.Action> actions(BrokerView broker) {
    int id = broker.id();
    return switch (broker.state()) {
      case STOPPED, KILLED, FAILED ->
          List.of(new Facts.Command(texts.get("start"), new ClusterCommand.StartBroker(id)));
      default ->
          List.of(
              new Facts.Command(texts.get("kill"), new ClusterCommand.KillBroker(id)),
              new Facts.Command(texts.get("stop"), new ClusterCommand.StopBroker(id)),
              new Facts.Command(texts.get("restart"), new ClusterCommand.RestartBroker(id)));
    };
  }

  private String rule(BrokerView broker, Frame frame) {
    SessionView session = broker.session();
    String id = Integer.toString(broker.id());
    return switch (session.state()) {
      case CONNECTED ->
          texts.get(
              "rule-serving",
              id,
              "0x" + Long.toHexString(session.id()),
              Long.toString(broker.brokerEpoch()));
      case RUNNING_OUT ->
          texts.get(
              "rule-running-out",
              id,
              quantities.millis(session.timeoutMs()),
              quantities.millis(session.timeoutMs() - leftMs(session, frame)));
      default ->
          session.id() == 0 && broker.state() == BrokerState.SERVING
              ? texts.get("rule-untold", id)
              : texts.get("rule-gone", id);
    };
  }

  private static long leftMs(SessionView session, Frame frame) {
    return Math.max(0, session.timeoutMs() - frame.sinceMs(session.sinceNanos()));
  }

  // ---- controller and ZooKeeper
  // ------------------------------------------------------------------

  private Facts controller(Frame frame) {
    ControllerView controller = frame.snapshot().controller();
    List<Fact> facts = new ArrayList<>();
    boolean active = controller.brokerId() >= 0;
    facts.add(
        new Fact(
            texts.get("fact-controller"),
            active ? texts.get("broker", Integer.toString(controller.brokerId())) : "–",
            active ? Tone.OK : Tone.BAD));
    facts.add(
        new Fact(
            texts.get("fact-controller-epoch"),
            controller.epoch() < 0 ? "–" : Integer.toString(controller.epoch())));
    boolean seen = controller.work().eventsDone() > 0 || !controller.work().orders().isEmpty();
    if (active && seen) {
      addWork(controller.work(), facts);
    }
    for (ControllerView.Reign reign :
        controller.history().subList(0, Math.min(REIGNS_SHOWN, controller.history().size()))) {
      boolean lasts = reign.endNanos() == 0;
      long ms =
          lasts
              ? frame.sinceMs(reign.startNanos())
              : (reign.endNanos() - reign.startNanos()) / 1_000_000;
      facts.add(
          new Fact(
              texts.get("fact-reign", Integer.toString(reign.epoch())),
              lasts
                  ? texts.get("reign-now", Integer.toString(reign.brokerId()))
                  : texts.get(
                      "reign-value", Integer.toString(reign.brokerId()), quantities.millis(ms)),
              lasts ? Tone.OK : Tone.IDLE));
    }
    return new Facts(
        texts.get("controller-title"),
        texts.get("controller-subtitle"),
        facts,
        List.of(
            new Facts.Command(
                texts.get("elect"), new ClusterCommand.ElectPreferredLeaders(Set.of())),
            new Facts.Command(
                texts.get("elect-controller"),
                new ClusterCommand.ElectController(frame.snapshot().zooKeeper().connectString()))),
        active
            ? texts.get(
                "rule-controller",
                Integer.toString(controller.brokerId()),
                Integer.toString(controller.epoch()))
            : texts.get("rule-no-controller", Integer.toString(controller.epoch())));
  }

  /**
   * What the event thread is at, and which brokers owe answers. Kafka's names are not translated.
   */
  private void addWork(ControllerView.Work work, List<Fact> facts) {
    facts.add(
        new Fact(
            texts.get("fact-controller-state"),
            work.event().isEmpty() ? work.state().label() : work.event()));
    facts.add(
        new Fact(
            texts.get("fact-controller-queue"),
            texts.get(
                "controller-queue-value",
                Integer.toString(work.queueLength()),
                quantities.millis(work.queuedNanos() / 1_000_000),
                quantities.millis(work.longestQueuedNanos() / 1_000_000))));
    work.orders()
        .forEach(
            (broker, orders) ->
                facts.add(
                    new Fact(
                        texts.get("fact-controller-orders", Integer.toString(broker)),
                        texts.get(
                            "controller-orders-value",
                            Long.toString(orders.sent()),
                            Long.toString(orders.open())),
                        orders.refused() == 0 ? Tone.PLAIN : Tone.WARN)));
  }

  private Facts zooKeeper(Frame frame) {
    ZooKeeperView view = frame.snapshot().zooKeeper();
    boolean runs = view.state() == ZooKeeperView.State.RUNNING;
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact(
            texts.get("fact-state"),
            texts.get("zookeeper-" + view.state().name().toLowerCase(Locale.ROOT)),
            runs ? Tone.OK : Tone.BAD));
    facts.add(new Fact(texts.get("fact-connect"), view.connectString()));
    facts.add(new Fact(texts.get("fact-tick"), quantities.millis(view.tickMs())));
    facts.add(new Fact(texts.get("fact-sessions"), Integer.toString(view.sessions())));
    for (ZooKeeperView.Member member : view.members()) {
      facts.add(
          new Fact(
              texts.get("fact-member", Integer.toString(member.number())),
              texts.get(
                  "member-is",
                  texts.get("member-" + member.role().name().toLowerCase(Locale.ROOT)),
                  member.address(),
                  Long.toHexString(member.zxid()))));
    }
    return new Facts(
        texts.get("zookeeper"),
        texts.get("zookeeper-subtitle"),
        List.copyOf(facts),
        actions(view, runs),
        "");
  }

  /** The whole ensemble first, then its servers, when there are several. */
  private List<Facts.Action> actions(ZooKeeperView view, boolean runs) {
    List<Facts.Action> actions = new ArrayList<>();
    actions.add(
        runs
            ? new Facts.Command(texts.get("stop"), new ClusterCommand.StopZooKeeper(false))
            : new Facts.Command(texts.get("start"), new ClusterCommand.StartZooKeeper()));
    if (view.members().size() > 1) {
      for (ZooKeeperView.Member member : view.members()) {
        String number = Integer.toString(member.number());
        actions.add(
            member.role() == MemberRole.STOPPED
                ? new Facts.Command(
                    texts.get("start-server", number),
                    new ClusterCommand.StartZooKeeperMember(member.number()))
                : new Facts.Command(
                    texts.get("stop-server", number),
                    new ClusterCommand.StopZooKeeperMember(member.number(), false)));
      }
    }
    return actions;
  }
}
