package io.vitrine.console.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What the operator has chosen: one thing, the same in every view.
 *
 * <p>Belongs to the JavaFX thread.
 */
public final class Selection {
  /** Something that can be chosen. */
  public sealed interface Item {}

  /** Nothing is chosen. */
  public record Nothing() implements Item {}

  /** A broker. */
  public record Broker(int id) implements Item {}

  /** Whoever is the controller. */
  public record Controller() implements Item {}

  /** ZooKeeper. */
  public record ZooKeeper() implements Item {}

  /** A topic. */
  public record Topic(String name) implements Item {}

  /** A partition. */
  public record Partition(TopicPartition id) implements Item {}

  /** A group of consumers. */
  public record Group(String id) implements Item {}

  /** A transactional id. */
  public record Transaction(String id) implements Item {}

  /** A folder with logs of a Kafka, on which no broker has to run. */
  public record Folder(Path path) implements Item {}

  private final List<Consumer<Item>> listeners = new ArrayList<>();
  private Item item = new Nothing();

  /** What is chosen now. */
  public Item item() {
    return item;
  }

  /** Whether this broker is chosen. */
  public boolean isBroker(int id) {
    return item instanceof Broker broker && broker.id() == id;
  }

  /** Chooses something; everyone hears of it unless it was chosen already. */
  public void choose(Item next) {
    if (!Objects.equals(item, next)) {
      item = next;
      List.copyOf(listeners).forEach(l -> l.accept(next));
    }
  }

  /** Hears of every change from now on, and at once of what is chosen. */
  public Runnable subscribe(Consumer<Item> listener) {
    listeners.add(listener);
    listener.accept(item);
    return () -> listeners.remove(listener);
  }
}
