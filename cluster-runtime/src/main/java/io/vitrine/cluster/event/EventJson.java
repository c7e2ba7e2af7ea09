package io.vitrine.cluster.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * An event as one line of JSON and back, without loss.
 *
 * <p>A line is {@code {"sequence":7,"time":"2026-11-21T14:00:00.120Z","nanos":120000000,
 * "broker":2,"type":"BrokerServing","event":{…}}}: the event's own name and components, partitions
 * as {@code topic-0}. {@code broker} is missing where no broker reported it. Safe from any thread.
 */
public final class EventJson {
  private final ObjectMapper mapper = new ObjectMapper();
  private final Map<String, ObjectReader> readers = new HashMap<>();

  /** A translator for every event there is. */
  public EventJson() {
    SimpleModule partitions = new SimpleModule();
    partitions.addSerializer(TopicPartition.class, ToStringSerializer.instance);
    partitions.addKeySerializer(TopicPartition.class, new PartitionAsKey());
    partitions.addDeserializer(TopicPartition.class, new PartitionFromText());
    partitions.addKeyDeserializer(TopicPartition.class, new PartitionFromKey());
    mapper.registerModule(partitions);
    learn(ClusterEvent.class);
  }

  /** The event as one line, without its end. */
  public String write(StampedEvent stamped) {
    StringWriter line = new StringWriter(256);
    try (JsonGenerator json = mapper.createGenerator(line)) {
      json.writeStartObject();
      json.writeNumberField("sequence", stamped.sequence());
      json.writeStringField("time", Instant.ofEpochMilli(stamped.wallMs()).toString());
      json.writeNumberField("nanos", stamped.nanos());
      if (stamped.brokerId() != EventSink.NO_BROKER) {
        json.writeNumberField("broker", stamped.brokerId());
      }
      json.writeStringField("type", stamped.event().getClass().getSimpleName());
      json.writeObjectField("event", stamped.event());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  /**
   * The event a line tells of.
   *
   * @throws IllegalArgumentException when the line is none of {@link #write}'s; says why
   */
  public StampedEvent read(String line) {
    long sequence = 0;
    long nanos = 0;
    long wallMs = 0;
    int broker = EventSink.NO_BROKER;
    String type = "";
    ClusterEvent event = null;
    try (JsonParser json = mapper.createParser(line)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "sequence" -> sequence = json.getLongValue();
          case "time" -> wallMs = Instant.parse(json.getText()).toEpochMilli();
          case "nanos" -> nanos = json.getLongValue();
          case "broker" -> broker = json.getIntValue();
          case "type" -> type = json.getText();
          case "event" -> event = reader(type).readValue(json);
          default -> json.skipChildren();
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("This is no event: " + e.getMessage(), e);
    }
    if (event == null) {
      throw new IllegalArgumentException("This is no event: " + line);
    }
    return new StampedEvent(sequence, nanos, wallMs, broker, event);
  }

  private ObjectReader reader(String type) {
    ObjectReader reader = readers.get(type);
    if (reader == null) {
      throw new IllegalArgumentException("no event is called \"" + type + "\"");
    }
    return reader;
  }

  /** Every kind of event by its simple name; sealed interfaces lead to the records. */
  private void learn(Class<?> kind) {
    if (kind.isRecord()) {
      readers.put(kind.getSimpleName(), mapper.readerFor(kind));
      return;
    }
    for (Class<?> each : kind.getPermittedSubclasses()) {
      learn(each);
    }
  }

  private static TopicPartition partition(String text) {
    int dash = text.lastIndexOf('-');
    return new TopicPartition(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
  }

  private static final class PartitionAsKey extends JsonSerializer<TopicPartition> {
    @Override
    public void serialize(
        TopicPartition partition, JsonGenerator json, SerializerProvider serializers)
        throws IOException {
      json.writeFieldName(partition.toString());
    }
  }

  private static final class PartitionFromText extends FromStringDeserializer<TopicPartition> {
    private static final long serialVersionUID = 1L;

    PartitionFromText() {
      super(TopicPartition.class);
    }

    @Override
    protected TopicPartition _deserialize(String text, DeserializationContext context) {
      return partition(text);
    }
  }

  private static final class PartitionFromKey extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return partition(key);
    }
  }
}
