package io.vitrine.console.group;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.event.ClusterEvent.DemoSampled;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.GroupView;
import io.vitrine.cluster.snapshot.TransactionView;
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

/** The facts of groups and transactional ids. Needs no toolkit. */
public final class GroupFacts implements FactsSource {
  /** How many members the demo's group has when all are in. */
  private static final int DEMO_MEMBERS = 3;

  private final Messages texts;
  private final Quantities quantities;

  /** Facts in this language. */
  public GroupFacts(Locale locale) {
    this.texts = Messages.of(GroupFacts.class, locale);
    this.quantities = new Quantities(locale);
  }

  @Override
  public Optional<Facts> facts(Selection.Item item, Frame frame) {
    if (item instanceof Selection.Group group) {
      return Optional.ofNullable(frame.snapshot().groups().get(group.id()))
          .map(view -> group(view, frame));
    }
    if (item instanceof Selection.Transaction transaction) {
      return Optional.ofNullable(frame.snapshot().transactions().byId().get(transaction.id()))
          .map(view -> transaction(view, frame));
    }
    return Optional.empty();
  }

  private Facts group(GroupView view, Frame frame) {
    ClusterSnapshot snapshot = frame.snapshot();
    boolean lives = GroupPage.lives(snapshot, view.coordinator());
    long lag = GroupPage.lag(snapshot, view);
    List<Fact> facts = new ArrayList<>();
    facts.add(coordinator(view.coordinator(), lives));
    facts.add(new Fact(texts.get("fact-kept-in"), "__consumer_offsets-" + view.partition()));
    facts.add(new Fact(texts.get("fact-generation"), GroupPage.generation(view.generation())));
    facts.add(new Fact(texts.get("fact-protocol-type"), dash(view.protocolType())));
    facts.add(new Fact(texts.get("fact-protocol"), dash(view.protocol())));
    facts.add(new Fact(texts.get("members"), Integer.toString(view.members().size())));
    facts.add(new Fact(texts.get("fact-leader"), dash(GroupPane.shortened(view.leader()))));
    facts.add(new Fact(texts.get("fact-lag"), lag < 0 ? "–" : quantities.count(lag)));
    facts.add(
        new Fact(
            texts.get("fact-age"),
            view.sampledNanos() == 0
                ? texts.get("not-known")
                : quantities.millis(frame.sinceMs(view.sampledNanos())),
            lives ? Tone.PLAIN : Tone.IDLE));
    DemoSampled demo = snapshot.demo();
    boolean isDemo = snapshot.traffic().on() && view.id().equals(demo.group());
    if (isDemo) {
      facts.add(new Fact(texts.get("fact-demo-read"), quantities.count(demo.groupReceived())));
      facts.add(
          new Fact(
              texts.get("fact-demo-missing"),
              quantities.count(demo.groupMissing()),
              demo.groupMissing() == 0 ? Tone.OK : Tone.BAD));
    }
    return new Facts(
        view.id(),
        texts.get("group-subtitle"),
        facts,
        isDemo ? demoActions(demo) : List.of(),
        GroupPane.coordination(texts, GroupPage.coordination(snapshot, view), view));
  }

  private List<Facts.Action> demoActions(DemoSampled demo) {
    List<Facts.Action> actions = new ArrayList<>();
    for (int number = 1; number <= DEMO_MEMBERS; number++) {
      boolean in = demo.members().contains(number);
      actions.add(
          new Facts.Command(
              texts.get(in ? "member-leaves" : "member-joins", Integer.toString(number)),
              new ClusterCommand.SwitchDemoMember(number, !in)));
    }
    return actions;
  }

  private Fact coordinator(int broker, boolean lives) {
    String id = Integer.toString(broker);
    return new Fact(
        texts.get("fact-coordinator"),
        lives ? id : texts.get("gone", id),
        lives ? Tone.OK : Tone.WARN);
  }

  private Facts transaction(TransactionView view, Frame frame) {
    boolean lives = GroupPage.lives(frame.snapshot(), view.coordinator());
    List<Fact> facts = new ArrayList<>();
    facts.add(coordinator(view.coordinator(), lives));
    facts.add(new Fact(texts.get("fact-kept-in"), "__transaction_state-" + view.partition()));
    facts.add(new Fact(texts.get("fact-producer"), Long.toString(view.producerId())));
    facts.add(new Fact(texts.get("fact-epoch"), Integer.toString(view.epoch())));
    facts.add(new Fact("transaction.timeout.ms", quantities.millis(view.timeoutMs())));
    facts.add(
        new Fact(
            texts.get("fact-open"), view.openMs() < 0 ? "–" : quantities.millis(view.openMs())));
    facts.add(
        new Fact(
            texts.get("fact-age"),
            quantities.millis(frame.sinceMs(view.sampledNanos())),
            lives ? Tone.PLAIN : Tone.IDLE));
    return new Facts(
        view.id(),
        texts.get("transaction-subtitle"),
        facts,
        List.of(),
        texts.get(
            view.stage().isEnding() ? "rule-markers" : "rule-fencing",
            Integer.toString(view.epoch()),
            view.partitions().size()));
  }

  private static String dash(String text) {
    return text.isEmpty() ? "–" : text;
  }
}
