package io.vitrine.cluster.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventJsonTest {
  private final EventJson json = new EventJson();

  @Test
  void aLineTellsWhatHappenedWhenAndWhere() {
    StampedEvent event =
        new StampedEvent(
            7,
            120_000_000,
            1_763_733_600_120L,
            2,
            new ClusterEvent.IsrExpanded(new TopicPartition("orders-eu", 3), 1, List.of(2, 1)));

    assertThat(json.write(event))
        .isEqualTo(
            "{\"sequence\":7,\"time\":\"2025-11-21T14:00:00.120Z\",\"nanos\":120000000,"
                + "\"broker\":2,\"type\":\"IsrExpanded\",\"event\":{\"partition\":\"orders-eu-3\","
                + "\"added\":1,\"isr\":[2,1]}}");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindOfEventComesBackAsItWas(Class<?> kind) throws Exception {
    for (int broker : new int[] {EventSink.NO_BROKER, 0, 3}) {
      StampedEvent event =
          new StampedEvent(9, -5, 1_763_733_600_120L, broker, (ClusterEvent) example(kind));

      assertThat(json.read(json.write(event))).isEqualTo(event);
    }
  }

  @Test
  void whatIsNoEventIsSaidToBeNone() {
    assertThatThrownBy(() -> json.read("{\"sequence\":1}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> json.read("{\"type\":\"Unheard\",\"event\":{}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Unheard");
    assertThatThrownBy(() -> json.read("not even JSON"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<Class<?>> kinds() {
    return kinds(ClusterEvent.class);
  }

  private static Stream<Class<?>> kinds(Class<?> kind) {
    return kind.isRecord()
        ? Stream.of(kind)
        : Stream.of(kind.getPermittedSubclasses()).flatMap(EventJsonTest::kinds);
  }

  /** A record with something in each of its components. */
  private static Object example(Class<?> kind) throws ReflectiveOperationException {
    RecordComponent[] components = kind.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(components[i].getGenericType());
    }
    Constructor<?> constructor = kind.getDeclaredConstructor(types);
    return constructor.newInstance(values);
  }

  private static Object value(Type type) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? List.of(value(arguments[0]))
          : Map.of(value(arguments[0]), value(arguments[1]));
    }
    Class<?> plain = (Class<?>) type;
    if (plain == int.class || plain == Integer.class) {
      return 41;
    }
    if (plain == long.class || plain == Long.class) {
      return 4_100_000_000L;
    }
    if (plain == short.class) {
      return (short) 7;
    }
    if (plain == boolean.class) {
      return true;
    }
    if (plain == double.class) {
      return 0.5;
    }
    if (plain == String.class) {
      return "rack \"ä\" 한글\n";
    }
    if (plain == TopicPartition.class) {
      return new TopicPartition("a-b", 12);
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[0];
    }
    return example(plain);
  }
}
