package io.vitrine.cluster.broker;

import io.vitrine.cluster.wire.WireDecoder;
import io.vitrine.cluster.wire.WireExchange;
import io.vitrine.cluster.wire.WireField;
import io.vitrine.cluster.wire.WireFrame;
import io.vitrine.protocol.codec.FrameField;
import io.vitrine.protocol.codec.FrameFields;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/** Takes traced frames apart by Kafka's schemas. Stateless. */
public final class KafkaFrames implements WireDecoder {
  @Override
  public List<WireField> request(WireExchange exchange) {
    WireFrame frame = exchange.request();
    return frame.head().length == 0 ? List.of() : fields(FrameFields.request(frame.head()));
  }

  @Override
  public List<WireField> answer(WireExchange exchange) {
    byte[] head = exchange.answer().head();
    if (head.length == 0) {
      return List.of();
    }
    for (ApiKeys api : ApiKeys.values()) {
      if (api.name.equals(exchange.api())) {
        return fields(FrameFields.response(head, api, answerVersion(api, exchange.version())));
      }
    }
    return List.of();
  }

  /** An ApiVersions request of a version nobody knows is answered in the oldest. */
  private static short answerVersion(ApiKeys api, int version) {
    return api == ApiKeys.API_VERSIONS && !api.isVersionSupported((short) version)
        ? api.oldestVersion()
        : (short) version;
  }

  private static List<WireField> fields(List<FrameField> fields) {
    return fields.stream()
        .map(
            field ->
                new WireField(
                    field.name(),
                    WireField.Kind.valueOf(field.kind().name()),
                    field.value(),
                    field.note(),
                    field.offset(),
                    field.length(),
                    fields(field.children())))
        .toList();
  }
}
