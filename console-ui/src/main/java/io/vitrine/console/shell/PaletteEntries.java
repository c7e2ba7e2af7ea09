package io.vitrine.console.shell;

import io.vitrine.cluster.Capability;
import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.snapshot.BrokerState;
import io.vitrine.cluster.snapshot.BrokerView;
import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.console.control.CommandPalette.Entry;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Facts;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the palette lists of the cluster as it stands: what can be done with the chosen thing, then
 * what can be done at all, then every resource. Needs no toolkit.
 */
final class PaletteEntries {
  private final Messages texts;
  private final Desk desk;
  private final Selection selection;
  private final List<Entry> entries = new ArrayList<>();

  PaletteEntries(Messages texts, Desk desk, Selection selection) {
    this.texts = texts;
    this.desk = desk;
    this.selection = selection;
  }

  /** Everything so far, in the order it was added. */
  List<Entry> all() {
    return List.copyOf(entries);
  }

  /** Something of the window itself. */
  PaletteEntries add(String kindKey, String text, String keys, Runnable run) {
    entries.add(new Entry(texts.get(kindKey), text, "", keys, false, run));
    return this;
  }

  /** What others look up. */
  PaletteEntries addAll(List<Entry> more) {
    entries.addAll(more);
    return this;
  }

  /** What the inspector offers for the chosen thing. */
  PaletteEntries chosen(Facts facts) {
    for (Facts.Action action : facts.actions()) {
      Runnable run =
          action instanceof Facts.Command command
              ? () -> desk.ask(command.command())
              : ((Facts.Step) action).run();
      entries.add(
          new Entry(texts.get("kind-chosen"), action.text(), facts.title(), "", false, run));
    }
    return this;
  }

  /** What can be done with the cluster. */
  PaletteEntries actions(ClusterSnapshot snapshot) {
    if (desk.may(Capability.SUPERVISE)) {
      snapshot.brokers().forEach(this::actionsOf);
    }
    if (desk.may(Capability.TRAFFIC)) {
      boolean on = snapshot.traffic().on();
      act(on ? "name-traffic-off" : "name-traffic-on", "", new ClusterCommand.SwitchTraffic(!on));
    }
    if (desk.may(Capability.ADMINISTER)) {
      administration(snapshot);
    }
    return this;
  }

  private void administration(ClusterSnapshot snapshot) {
    act("name-elect", "E", new ClusterCommand.ElectPreferredLeaders(Set.of()));
    entries.add(
        new Entry(
            texts.get("kind-action"),
            texts.get("create-title"),
            "kafka-topics.sh --create",
            "",
            false,
            desk::askForTopic));
    for (String topic : snapshot.topics().keySet()) {
      typed("kind-action", texts.get("retention-title", topic), () -> desk.askForRetention(topic));
      typed(
          "kind-action",
          texts.get("name-delete", topic),
          () -> desk.ask(new ClusterCommand.DeleteTopic(topic)));
    }
  }

  private void actionsOf(BrokerView broker) {
    int id = broker.id();
    if (broker.state() == BrokerState.SERVING) {
      act("name-kill", "K", new ClusterCommand.KillBroker(id), Integer.toString(id));
      act("name-stop", "S", new ClusterCommand.StopBroker(id), Integer.toString(id));
      act("name-restart", "R", new ClusterCommand.RestartBroker(id), Integer.toString(id));
    } else {
      act("name-start", "", new ClusterCommand.StartBroker(id), Integer.toString(id));
    }
  }

  private void act(String key, String keys, ClusterCommand command, Object... arguments) {
    entries.add(
        new Entry(
            texts.get("kind-action"),
            texts.get(key, arguments),
            "",
            keys,
            false,
            () -> desk.ask(command)));
  }

  /** What can be chosen in the cluster. */
  PaletteEntries resources(ClusterSnapshot snapshot) {
    for (BrokerView broker : snapshot.brokers()) {
      add(
          "kind-broker",
          texts.get("show-broker", Integer.toString(broker.id())),
          "",
          () -> choose(new Selection.Broker(broker.id()), "cluster"));
    }
    for (String topic : snapshot.topics().keySet()) {
      typed(
          "kind-topic",
          texts.get("show-topic", topic),
          () -> choose(new Selection.Topic(topic), "partition"));
    }
    snapshot
        .partitions()
        .keySet()
        .forEach(
            p ->
                typed(
                    "kind-partition",
                    texts.get("show-lanes", p.toString()),
                    () -> desk.openLanes(p)));
    snapshot
        .groups()
        .keySet()
        .forEach(
            id ->
                typed(
                    "kind-group",
                    texts.get("show-group", id),
                    () -> choose(new Selection.Group(id), "group")));
    snapshot
        .transactions()
        .byId()
        .keySet()
        .forEach(
            id ->
                typed(
                    "kind-transaction",
                    texts.get("show-transaction", id),
                    () -> choose(new Selection.Transaction(id), "group")));
    return this;
  }

  private void typed(String kindKey, String text, Runnable run) {
    entries.add(new Entry(texts.get(kindKey), text, "", "", true, run));
  }

  private void choose(Selection.Item item, String view) {
    desk.openView(view);
    selection.choose(item);
  }
}
