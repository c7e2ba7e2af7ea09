package io.vitrine.cluster.broker;

import io.vitrine.cluster.wire.WireExchange;
import io.vitrine.cluster.wire.WireFrame;
import io.vitrine.cluster.wire.WireTimes;
import io.vitrine.cluster.wire.WireTrace;
import io.vitrine.protocol.gate.ReceivedFrame;
import io.vitrine.protocol.gate.StageTimes;
import io.vitrine.protocol.gate.TappedRequest;
import io.vitrine.protocol.gate.WireTap;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Tells a cluster's trace what one broker is asked and answers. Bytes of messages that may carry
 * passwords, password hashes or delegation tokens' HMACs are withheld. Any thread.
 */
final class WireRecorder implements WireTap {
  private static final Set<ApiKeys> SECRET =
      Set.of(
          ApiKeys.SASL_AUTHENTICATE,
          ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
          ApiKeys.CREATE_DELEGATION_TOKEN,
          ApiKeys.RENEW_DELEGATION_TOKEN,
          ApiKeys.EXPIRE_DELEGATION_TOKEN,
          ApiKeys.DESCRIBE_DELEGATION_TOKEN,
          ApiKeys.ALTER_CONFIGS,
          ApiKeys.INCREMENTAL_ALTER_CONFIGS);

  private final IntSupplier brokerId;
  private final InstantSource wall;
  private final WireTrace trace;

  WireRecorder(IntSupplier brokerId, InstantSource wall, WireTrace trace) {
    this.brokerId = brokerId;
    this.wall = wall;
    this.trace = trace;
  }

  @Override
  public boolean isOpen() {
    return trace.isOn();
  }

  @Override
  public int headBytes() {
    return trace.headBytes();
  }

  @Override
  public TappedRequest received(ReceivedFrame frame) {
    ApiKeys api = frame.header().apiKey();
    String clientId = frame.header().clientId();
    long id =
        trace.begin(
            new WireExchange(
                0,
                brokerId.getAsInt(),
                wall.millis(),
                api.name,
                frame.header().apiVersion(),
                frame.header().correlationId(),
                clientId == null ? "" : clientId,
                frame.client(),
                frame.connectionId(),
                frame.listenerName(),
                frame.principal(),
                frame.software(),
                kept(api, frame.sizeBytes(), frame.head()),
                WireExchange.State.UNDER_WAY,
                WireFrame.none(),
                List.of(),
                WireTimes.none()));
    return new Watched(trace, api, id);
  }

  private static WireFrame kept(ApiKeys api, long sizeBytes, byte[] head) {
    return SECRET.contains(api) ? WireFrame.secret(sizeBytes) : WireFrame.of(sizeBytes, head);
  }

  private record Watched(WireTrace trace, ApiKeys api, long id) implements TappedRequest {
    @Override
    public void answered(AbstractResponse response, short version, long sizeBytes, byte[] head) {
      List<String> errors =
          response.errorCounts().keySet().stream()
              .filter(error -> error != Errors.NONE)
              .map(Errors::name)
              .sorted()
              .toList();
      WireFrame frame = kept(api, sizeBytes, head);
      trace.change(id, before -> before.answeredWith(frame, errors));
    }

    @Override
    public void over(StageTimes times) {
      WireTimes taken =
          new WireTimes(
              times.queueNanos(),
              times.localNanos(),
              times.remoteNanos(),
              times.throttleNanos(),
              times.responseQueueNanos(),
              times.sendNanos(),
              times.totalNanos());
      trace.change(
          id,
          before ->
              before.ended(
                  before.answered() ? WireExchange.State.OVER : WireExchange.State.WITHOUT_ANSWER,
                  taken));
    }

    @Override
    public void lost() {
      trace.change(id, before -> before.ended(WireExchange.State.LOST, before.times()));
    }
  }
}
