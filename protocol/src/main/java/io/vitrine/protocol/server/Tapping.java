package io.vitrine.protocol.server;

import io.netty.buffer.ByteBuf;
import io.vitrine.protocol.codec.EncodedMessage;
import io.vitrine.protocol.gate.ReceivedFrame;
import io.vitrine.protocol.gate.StageTimes;
import io.vitrine.protocol.gate.TappedRequest;
import io.vitrine.protocol.gate.WireTap;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener tells its tap. A tap that fails is logged and changes nothing for the request,
 * which is then not watched any further. Any thread.
 */
final class Tapping {
  private static final Logger LOG = LoggerFactory.getLogger(Tapping.class);

  private final WireTap tap;

  Tapping(WireTap tap) {
    this.tap = tap;
  }

  /** Null while nobody watches. */
  TappedRequest received(ConnectionInfo info, RequestHeader header, ByteBuf frame) {
    if (!tap.isOpen()) {
      return null;
    }
    try {
      byte[] head = new byte[Math.min(tap.headBytes(), frame.readableBytes())];
      frame.getBytes(frame.readerIndex(), head);
      return tap.received(
          new ReceivedFrame(
              header,
              info.connectionId(),
              info.listenerName(),
              info.remote().getAddress().getHostAddress() + ":" + info.remote().getPort(),
              info.principal().toString(),
              info.clientSoftwareName() + " " + info.clientSoftwareVersion(),
              frame.readableBytes(),
              head));
    } catch (RuntimeException e) {
      LOG.error("{} {} is not watched", info.connectionId(), header, e);
      return null;
    }
  }

  /**
   * An answer is ready to be written.
   *
   * @param tapped null when the request is not watched, as in all methods here
   */
  void answered(
      TappedRequest tapped, AbstractResponse response, short version, EncodedMessage encoded) {
    if (tapped != null) {
      guarded(
          () ->
              tapped.answered(
                  response, version, encoded.sizeBytes(), encoded.head(tap.headBytes())));
    }
  }

  void over(TappedRequest tapped, RequestTimes times) {
    if (tapped != null) {
      guarded(
          () ->
              tapped.over(
                  new StageTimes(
                      times.queueNanos(),
                      times.localNanos(),
                      times.remoteNanos(),
                      times.throttleNanos(),
                      times.responseQueueNanos(),
                      times.sendNanos(),
                      times.totalNanos())));
    }
  }

  void lost(TappedRequest tapped) {
    if (tapped != null) {
      guarded(tapped::lost);
    }
  }

  private static void guarded(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      LOG.error("a tap failed", e);
    }
  }
}
