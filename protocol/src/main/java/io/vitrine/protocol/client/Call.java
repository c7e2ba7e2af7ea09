package io.vitrine.protocol.client;

import io.netty.util.concurrent.ScheduledFuture;
import io.vitrine.protocol.codec.EncodedMessage;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A request on its way. Owns the encoded bytes until they are written. Belongs to the client's
 * event loop, but for its future.
 */
final class Call {
  private final RequestHeader header;
  private final long timeoutMs;
  private final CompletableFuture<AbstractResponse> response = new CompletableFuture<>();
  private EncodedMessage unsent;
  private ScheduledFuture<?> timer;

  Call(RequestHeader header, EncodedMessage encoded, long timeoutMs) {
    this.header = header;
    this.unsent = encoded;
    this.timeoutMs = timeoutMs;
  }

  RequestHeader header() {
    return header;
  }

  long timeoutMs() {
    return timeoutMs;
  }

  CompletableFuture<AbstractResponse> response() {
    return response;
  }

  void timer(ScheduledFuture<?> timer) {
    this.timer = timer;
  }

  /** The bytes to write; the caller owns them now. */
  EncodedMessage takeUnsent() {
    EncodedMessage taken = unsent;
    unsent = null;
    return taken;
  }

  void succeed(AbstractResponse answer) {
    end();
    response.complete(answer);
  }

  void fail(RuntimeException cause) {
    end();
    response.completeExceptionally(cause);
  }

  private void end() {
    if (timer != null) {
      timer.cancel(false);
    }
    if (unsent != null) {
      takeUnsent().release();
    }
  }

  @Override
  public String toString() {
    return header.apiKey() + " v" + header.apiVersion() + " #" + header.correlationId();
  }
}
