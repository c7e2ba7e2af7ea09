package io.vitrine.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.vitrine.protocol.api.ApiVersionRanges;
import io.vitrine.protocol.codec.EncodedMessage;
import io.vitrine.protocol.codec.MessageEncoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** A server on a free loopback port, and proof at its end that it left no thread behind. */
final class RunningServer implements AutoCloseable {
  static final String PREFIX = "broker-7-";

  final Queue<RequestTimes> completed = new ConcurrentLinkedQueue<>();
  final ProtocolServer server;
  final InetSocketAddress address;

  RunningServer(RequestHandler handler) throws IOException {
    this(settings -> settings, handler);
  }

  RunningServer(UnaryOperator<ServerSettings> changed, RequestHandler handler) throws IOException {
    this(changed, ApiKeys::isVersionSupported, handler);
  }

  RunningServer(
      UnaryOperator<ServerSettings> changed, ApiVersionRanges ranges, RequestHandler handler)
      throws IOException {
    server =
        new ProtocolServer(
            changed.apply(settings(0)),
            ranges,
            handler,
            (request, times) -> completed.add(times),
            System::nanoTime);
    address = server.bind().get(0);
    server.startAccepting();
  }

  static ServerSettings settings(int port) {
    return new ServerSettings(
        "PLAINTEXT",
        "127.0.0.1",
        port,
        3,
        4,
        500,
        1 << 20,
        1000,
        1000,
        600_000,
        50,
        -1,
        -1,
        PREFIX);
  }

  RawClient connect() throws IOException {
    return new RawClient(address);
  }

  @Override
  public void close() {
    server.close();
    assertNoThreads();
  }

  static void assertNoThreads() {
    await().untilAsserted(() -> assertThat(threads()).isEmpty());
  }

  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(PREFIX))
        .sorted()
        .toList();
  }

  /** A request's whole frame, with its size field. */
  static byte[] frame(AbstractRequest request, int correlationId) {
    RequestHeader header =
        new RequestHeader(request.apiKey(), request.version(), "raw", correlationId);
    EncodedMessage encoded = MessageEncoder.encode(ByteBufAllocator.DEFAULT, header, request);
    ByteBuf buffer = (ByteBuf) encoded.parts().get(0);
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    encoded.release();
    return bytes;
  }
}
