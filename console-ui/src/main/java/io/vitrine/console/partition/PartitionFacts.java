package io.vitrine.console.partition;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.snapshot.PartitionView;
import io.vitrine.cluster.snapshot.TopicView;
import io.vitrine.console.live.Desk;
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
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The facts of partitions and topics. Needs no toolkit. */
public final class PartitionFacts implements FactsSource {
  private static final String RETENTION_MS = "retention.ms";
  private static final String RETENTION_BYTES = "retention.bytes";

  private final Messages texts;
  private final Quantities quantities;
  private final Selection selection;
  private final Desk desk;

  /** Facts in this language; their actions go to the desk. */
  public PartitionFacts(Locale locale, Selection selection, Desk desk) {
    this.texts = Messages.of(PartitionFacts.class, locale);
    this.quantities = new Quantities(locale);
    this.selection = selection;
    this.desk = desk;
  }

  @Override
  public Optional<Facts> facts(Selection.Item item, Frame frame) {
    if (item instanceof Selection.Partition partition) {
      return Optional.ofNullable(frame.snapshot().partitions().get(partition.id()))
          .map(this::partition);
    }
    if (item instanceof Selection.Topic topic) {
      return Optional.ofNullable(frame.snapshot().topics().get(topic.name()))
          .map(view -> topic(view, frame));
    }
    return Optional.empty();
  }

  private Facts partition(PartitionView partition) {
    PartitionRow row = PartitionRow.of(partition);
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact(
            texts.get("fact-leader"),
            row.offline() ? texts.get("nobody") : Integer.toString(row.leader()),
            row.offline() ? Tone.BAD : row.notPreferred() ? Tone.WARN : Tone.OK));
    facts.add(new Fact(texts.get("fact-epoch"), Integer.toString(row.leaderEpoch())));
    facts.add(new Fact(texts.get("fact-assignment"), list(row.assignment())));
    facts.add(
        new Fact(
            texts.get("fact-isr"),
            list(row.isr()),
            row.underMinIsr() ? Tone.BAD : row.underReplicated() ? Tone.WARN : Tone.PLAIN));
    facts.add(new Fact("min.insync.replicas", Integer.toString(row.minInSyncReplicas())));
    facts.add(
        new Fact(texts.get("fact-partition-epoch"), Integer.toString(partition.partitionEpoch())));
    facts.add(new Fact(texts.get("fact-leo"), offset(row.logEndOffset())));
    facts.add(new Fact(texts.get("fact-hw"), offset(row.highWatermark())));
    facts.add(new Fact(texts.get("fact-size"), quantities.bytes(row.sizeBytes())));
    facts.add(
        new Fact(
            texts.get("fact-segments"),
            row.segments() < 0 ? "–" : Integer.toString(row.segments())));
    List<Facts.Action> actions = new ArrayList<>();
    actions.add(new Facts.Step(texts.get("open-lanes"), () -> desk.openLanes(row.id())));
    actions.add(new Facts.Step(texts.get("open-files"), () -> desk.openView("storage")));
    actions.add(
        new Facts.Step(
            texts.get("open-topic"),
            () -> selection.choose(new Selection.Topic(row.id().topic()))));
    actions.add(new Facts.Step(texts.get("read-records"), () -> desk.openView("data")));
    if (row.notPreferred() || row.offline()) {
      actions.add(
          new Facts.Command(
              texts.get("elect-one"), new ClusterCommand.ElectPreferredLeaders(Set.of(row.id()))));
    }
    return new Facts(
        row.id().toString(), texts.get("partition-subtitle"), facts, actions, rule(row));
  }

  private String rule(PartitionRow row) {
    String isr = list(row.isr());
    if (row.offline()) {
      return texts.get("rule-offline", isr);
    }
    if (row.underMinIsr()) {
      return texts.get("rule-under-min-isr", isr, row.isr().size(), row.minInSyncReplicas());
    }
    if (!row.leaderLives()) {
      return texts.get("rule-leader-dead", row.leader());
    }
    if (row.notPreferred()) {
      return texts.get("rule-not-preferred", row.leader(), row.preferred());
    }
    if (row.underReplicated()) {
      return texts.get("rule-under-replicated", isr, list(row.assignment()));
    }
    return texts.get("rule-fine", isr, row.leader());
  }

  private Facts topic(TopicView topic, Frame frame) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact(texts.get("fact-partitions"), Integer.toString(topic.partitions())));
    facts.add(new Fact(texts.get("fact-replication"), Integer.toString(topic.replicationFactor())));
    facts.add(new Fact(texts.get("fact-topic-id"), topic.topicId()));
    long bytes =
        frame.snapshot().partitions().values().stream()
            .filter(p -> p.id().topic().equals(topic.name()))
            .mapToLong(p -> PartitionRow.of(p).sizeBytes())
            .sum();
    facts.add(new Fact(texts.get("fact-size"), quantities.bytes(bytes)));
    new TreeMap<>(topic.config())
        .forEach((key, value) -> facts.add(new Fact(key, human(key, value))));
    if (!topic.config().containsKey(RETENTION_MS)) {
      facts.add(new Fact(RETENTION_MS, texts.get("default"), Tone.IDLE));
    }
    return new Facts(
        topic.name(),
        texts.get(topic.deleting() ? "topic-deleting" : "topic-subtitle"),
        facts,
        List.of(
            new Facts.Step(texts.get("read-records"), () -> desk.openView("data")),
            new Facts.Step(texts.get("change-retention"), () -> desk.askForRetention(topic.name())),
            new Facts.Command(
                texts.get("delete-topic"), new ClusterCommand.DeleteTopic(topic.name()))),
        "");
  }

  private String human(String key, String value) {
    try {
      return switch (key) {
        case RETENTION_MS -> value + "  " + quantities.span(Long.parseLong(value));
        case RETENTION_BYTES, "segment.bytes" ->
            value + "  " + quantities.byteLimit(Long.parseLong(value));
        default -> value;
      };
    } catch (NumberFormatException e) {
      return value;
    }
  }

  private String offset(long value) {
    return value < 0 ? "–" : quantities.count(value);
  }

  private static String list(List<Integer> brokers) {
    return brokers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
