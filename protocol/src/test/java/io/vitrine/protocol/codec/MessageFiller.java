package io.vitrine.protocol.codec;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;

/**
 * Gives every field of a generated message, down to the innermost struct, a value other than its
 * default, where the version has the field.
 */
final class MessageFiller {
  private final short version;
  private int counter;

  MessageFiller(short version) {
    this.version = version;
  }

  <T extends Message> T fill(T message) throws ReflectiveOperationException {
    for (Method setter : message.getClass().getMethods()) {
      String name = setter.getName();
      if (!name.startsWith("set")
          || setter.getParameterCount() != 1
          || setter.getDeclaringClass() != message.getClass()
          || name.equals("setPrev")
          || name.equals("setNext")) {
        continue;
      }
      String field = Character.toLowerCase(name.charAt(3)) + name.substring(4);
      Object before = message.getClass().getMethod(field).invoke(message);
      setter.invoke(message, value(field, setter.getGenericParameterTypes()[0]));
      if (!fits(message)) {
        setter.invoke(message, before);
      }
    }
    return message;
  }

  private boolean fits(Message message) {
    try {
      ObjectSerializationCache cache = new ObjectSerializationCache();
      ByteBuffer bytes = ByteBuffer.allocate(message.size(cache, version));
      message.write(new ByteBufferAccessor(bytes), cache, version);
      return true;
    } catch (RuntimeException notInThisVersion) {
      return false;
    }
  }

  private Object value(String field, Type type) throws ReflectiveOperationException {
    return switch (field) {
      case "port" -> 9092;
      case "securityProtocol" -> (short) 0;
      default -> value(type);
    };
  }

  private Object value(Type type) throws ReflectiveOperationException {
    counter++;
    if (type == boolean.class) {
      return true;
    } else if (type == byte.class || type == Byte.class) {
      return (byte) (counter % 100 + 1);
    } else if (type == short.class || type == Short.class) {
      return (short) (counter + 1);
    } else if (type == int.class || type == Integer.class) {
      return counter % 2 == 0 ? counter + 1000 : -counter - 1;
    } else if (type == long.class || type == Long.class) {
      return counter % 2 == 0 ? counter * 1_000_000_007L : -counter * 1_000_000_007L;
    } else if (type == double.class) {
      return counter * 1.5;
    } else if (type == String.class) {
      return "text-é-" + "x".repeat(counter * 7 % 300);
    } else if (type == Uuid.class) {
      return new Uuid(counter, 77);
    } else if (type == byte[].class) {
      return new byte[counter * 13 % 400];
    } else if (type == ByteBuffer.class) {
      return ByteBuffer.wrap(new byte[counter * 13 % 400]);
    } else if (type == BaseRecords.class) {
      return MemoryRecords.withRecords(
          Compression.NONE, new SimpleRecord(counter, ("value-" + counter).getBytes()));
    } else if (type instanceof ParameterizedType list) {
      Type element = list.getActualTypeArguments()[0];
      return List.of(value(element), value(element));
    }
    Class<?> struct = (Class<?>) type;
    if (Message.class.isAssignableFrom(struct)) {
      return fill((Message) struct.getConstructor().newInstance());
    }
    return filledCollection(struct);
  }

  /** Kafka's keyed collections: their element is the type of their find method's result. */
  private Object filledCollection(Class<?> type) throws ReflectiveOperationException {
    Class<?> element =
        List.of(type.getMethods()).stream()
            .filter(
                m ->
                    m.getName().equals("find")
                        && !m.isBridge()
                        && m.getReturnType() != Object.class)
            .findFirst()
            .orElseThrow()
            .getReturnType();
    @SuppressWarnings("unchecked")
    Collection<Object> collection = (Collection<Object>) type.getConstructor().newInstance();
    collection.add(fill((Message) element.getConstructor().newInstance()));
    collection.add(fill((Message) element.getConstructor().newInstance()));
    return collection;
  }
}
