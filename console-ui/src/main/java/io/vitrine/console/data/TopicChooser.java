package io.vitrine.console.data;

import io.vitrine.cluster.snapshot.ClusterSnapshot;
import io.vitrine.cluster.snapshot.TopicView;
import io.vitrine.console.text.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javafx.scene.control.ComboBox;
import org.apache.kafka.common.TopicPartition;

/** A topic and one of its partitions, or all. JavaFX thread only. */
final class TopicChooser {
  private final ComboBox<String> topics;
  private final ComboBox<Optional<Integer>> partitions;
  private final boolean internalToo;
  private ClusterSnapshot snapshot = ClusterSnapshot.empty();

  /**
   * @param any what to say for no partition in particular
   * @param internalToo whether Kafka's own topics are there to choose
   * @param changed told when something else was chosen
   */
  TopicChooser(String id, Messages texts, String any, boolean internalToo, Runnable changed) {
    this.internalToo = internalToo;
    this.topics = Choosers.of(id + "-topic", texts.get("topic"), 166, List.of(), t -> t);
    this.partitions =
        Choosers.of(
            id + "-partition",
            texts.get("partition"),
            124,
            List.of(Optional.empty()),
            number -> number.map(n -> texts.get("partition-number", n)).orElse(any));
    topics.setPromptText(texts.get("topic"));
    topics
        .valueProperty()
        .addListener(
            (o, before, after) -> {
              offerPartitions();
              changed.run();
            });
    partitions.valueProperty().addListener((o, before, after) -> changed.run());
  }

  ComboBox<String> topics() {
    return topics;
  }

  ComboBox<Optional<Integer>> partitions() {
    return partitions;
  }

  String topic() {
    return topics.getValue() == null ? "" : topics.getValue();
  }

  Optional<Integer> partition() {
    return partitions.getValue() == null ? Optional.empty() : partitions.getValue();
  }

  /** How many partitions the topic has, 0 when it is not known. */
  int count() {
    TopicView view = snapshot.topics().get(topic());
    return view == null ? 0 : view.partitions();
  }

  /** Offers what there is now: the operator's topics first, then Kafka's own. */
  void show(ClusterSnapshot now) {
    snapshot = now;
    List<String> names = new ArrayList<>();
    now.topics().values().stream()
        .filter(topic -> !topic.internal() && !topic.name().startsWith("__"))
        .map(TopicView::name)
        .forEach(names::add);
    if (internalToo) {
      now.topics().keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
    }
    if (!topics.isShowing()) {
      Choosers.offer(topics, names);
    }
    if (!partitions.isShowing()) {
      offerPartitions();
    }
  }

  /** Chooses these, if they are there. */
  void choose(String topic, Optional<Integer> partition) {
    if (Choosers.choose(topics, topic)) {
      offerPartitions();
      Choosers.choose(partitions, partition);
    }
  }

  /** Chooses this partition, if it is there. */
  void choose(TopicPartition partition) {
    choose(partition.topic(), Optional.of(partition.partition()));
  }

  private void offerPartitions() {
    List<Optional<Integer>> numbers = new ArrayList<>();
    numbers.add(Optional.empty());
    IntStream.range(0, count()).forEach(number -> numbers.add(Optional.of(number)));
    Choosers.offer(partitions, numbers);
  }
}
