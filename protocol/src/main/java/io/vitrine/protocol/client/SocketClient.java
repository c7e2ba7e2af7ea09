package io.vitrine.protocol.client;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.vitrine.protocol.codec.EncodedMessage;
import io.vitrine.protocol.codec.MessageEncoder;
import io.vitrine.protocol.security.ClientSecurity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * Requests to one node over one TCP connection at a time.
 *
 * <p>A request that times out takes its connection with it, as in Kafka's NetworkClient: the answer
 * that may still come would hold up all others.
 *
 * <p>Any thread. The connection is owned by one event loop, on which the futures complete.
 */
final class SocketClient implements NodeClient {

  /** Requests under way on one connection; more fail at once, so that no queue grows unbounded. */
  static final int MAX_UNDER_WAY = 1_000;

  private final EventLoop loop;
  private final ClientSettings settings;
  private final ClientSecurity security;
  private final String host;
  private final int port;
  private final String purpose;
  private final Consumer<SocketClient> closed;
  private final AtomicInteger nextCorrelationId = new AtomicInteger();

  // Owned by the event loop.
  private NodeConnection connection;
  private boolean ended;

  SocketClient(
      EventLoop loop,
      ClientSettings settings,
      ClientSecurity security,
      String host,
      int port,
      String purpose,
      Consumer<SocketClient> closed) {
    this.loop = loop;
    this.settings = settings;
    this.security = security;
    this.host = host;
    this.port = port;
    this.purpose = purpose;
    this.closed = closed;
  }

  @Override
  public CompletableFuture<AbstractResponse> send(
      AbstractRequest.Builder<?> builder, short version) {
    return send(builder, version, Duration.ofMillis(settings.requestTimeoutMs()));
  }

  @Override
  public CompletableFuture<AbstractResponse> send(
      AbstractRequest.Builder<?> builder, short version, Duration timeout) {
    Call call;
    try {
      int correlationId = nextCorrelationId.getAndIncrement() & Integer.MAX_VALUE;
      RequestHeader header =
          new RequestHeader(builder.apiKey(), version, settings.clientId(), correlationId);
      EncodedMessage encoded =
          MessageEncoder.encode(ByteBufAllocator.DEFAULT, header, builder.build(version));
      call = new Call(header, encoded, timeout.toMillis());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (!execute(() -> start(call))) {
      call.fail(new DisconnectException(this + " is closed"));
    }
    return call.response();
  }

  @Override
  public void disconnect() {
    execute(() -> drop("disconnected", false));
  }

  @Override
  public void close() {
    end(false);
  }

  void kill() {
    end(true);
  }

  @Override
  public String toString() {
    return "connection to " + host + ":" + port + " (" + purpose + ")";
  }

  // On the event loop

  void lost(NodeConnection lost) {
    if (connection == lost) {
      connection = null;
    }
  }

  private void start(Call call) {
    if (ended) {
      call.fail(new DisconnectException(this + " is closed"));
      return;
    }
    NodeConnection used = connection;
    if (used == null) {
      used = new NodeConnection(this, settings, security);
      connection = used;
      used.open(loop, host, port);
    }
    startTimer(used, call);
    used.send(call);
  }

  private void startTimer(NodeConnection used, Call call) {
    call.timer(loop.schedule(() -> timedOut(used, call), call.timeoutMs(), TimeUnit.MILLISECONDS));
  }

  private void timedOut(NodeConnection used, Call call) {
    call.fail(
        new TimeoutException(
            this + ": " + call + " not answered within " + call.timeoutMs() + " ms"));
    used.close("request timed out");
  }

  private void drop(String reason, boolean reset) {
    if (connection != null) {
      if (reset) {
        connection.reset();
      }
      connection.close(reason);
    }
  }

  private void end(boolean reset) {
    execute(
        () -> {
          ended = true;
          drop("closed", reset);
        });
    closed.accept(this);
  }

  private boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }
}
