package io.vitrine.cluster.story;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

/**
 * One socket to a broker, opened again when the broker closes it. Sends whatever can be put on the
 * wire, also what no client would send, one request at a time. Not thread-safe.
 */
final class RawConnection implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;
  private static final String CLIENT_ID = "answers";

  private final InetSocketAddress address;

  /** Who it logs in as; empty on a listener that does not ask. */
  private final Optional<Login> login;

  private Socket socket;
  private int correlationId;

  /**
   * @param address host:port
   */
  RawConnection(String address) {
    this(address, Optional.empty());
  }

  /**
   * @param address host:port
   * @param login said first whenever it connects
   */
  RawConnection(String address, Optional<Login> login) {
    this.login = login;
    String[] parts = address.split(":");
    this.address = new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
  }

  /** A user of SASL PLAIN. */
  record Login(String user, String password) {}

  /** The answer as JSON; empty when the broker closed the connection. */
  Optional<JsonNode> ask(ApiKeys api, short version, ApiMessage request) throws IOException {
    return exchange(api, version, request).map(answer -> json(answer, version));
  }

  /**
   * The answer; empty when the broker closed the connection. A Produce that wants no answer is
   * followed by an ApiVersions, whose answer shows that the connection was left open; an empty
   * answer stands for that.
   *
   * @throws UnsupportedVersionException when the request cannot be said in this version
   */
  Optional<ApiMessage> exchange(ApiKeys api, short version, ApiMessage request) throws IOException {
    RequestHeader header = new RequestHeader(api, version, CLIENT_ID, ++correlationId);
    ByteBuffer frame = frame(header, request);
    boolean unanswered = request instanceof ProduceRequestData produce && produce.acks() == 0;
    try {
      if (socket == null) {
        connect();
      }
      send(frame);
      if (unanswered) {
        return exchange(ApiKeys.API_VERSIONS, (short) 0, new ApiVersionsRequestData())
            .map(open -> new ProduceResponseData());
      }
      return Optional.of(AbstractResponse.parseResponse(receive(), header).data());
    } catch (SocketTimeoutException silence) {
      throw new IllegalStateException("no answer to " + header + ": " + request, silence);
    } catch (EOFException | SocketException closed) {
      close();
      return Optional.empty();
    }
  }

  /** A frame without any header, and the one that comes back; empty when the broker closed. */
  Optional<byte[]> bare(byte[] frame) throws IOException {
    try {
      if (socket == null) {
        connect();
      }
      send(ByteBuffer.wrap(frame));
      return Optional.of(receive().array());
    } catch (EOFException | SocketException closed) {
      close();
      return Optional.empty();
    }
  }

  private static ByteBuffer frame(RequestHeader header, ApiMessage request) {
    try {
      return RequestUtils.serialize(
          header.data(), header.headerVersion(), request, header.apiVersion());
    } catch (NullPointerException nullWhereNoneMayBe) {
      throw new UnsupportedVersionException("null in " + header, nullWhereNoneMayBe);
    }
  }

  private void connect() throws IOException {
    socket = new Socket();
    socket.connect(address, TIMEOUT_MS);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    if (login.isPresent()) {
      login(login.get());
    }
  }

  private void login(Login who) throws IOException {
    exchange(
            ApiKeys.SASL_HANDSHAKE,
            ApiKeys.SASL_HANDSHAKE.latestVersion(),
            new SaslHandshakeRequestData().setMechanism("PLAIN"))
        .orElseThrow();
    String token = "\0" + who.user() + "\0" + who.password();
    SaslAuthenticateResponseData answer =
        (SaslAuthenticateResponseData)
            exchange(
                    ApiKeys.SASL_AUTHENTICATE,
                    ApiKeys.SASL_AUTHENTICATE.latestVersion(),
                    new SaslAuthenticateRequestData()
                        .setAuthBytes(token.getBytes(StandardCharsets.UTF_8)))
                .orElseThrow();
    if (answer.errorCode() != 0) {
      throw new IllegalStateException(who.user() + " is refused: " + answer.errorMessage());
    }
  }

  private void send(ByteBuffer frame) throws IOException {
    ByteBuffer sized = ByteBuffer.allocate(Integer.BYTES + frame.remaining());
    sized.putInt(frame.remaining()).put(frame);
    socket.getOutputStream().write(sized.array());
    socket.getOutputStream().flush();
  }

  private ByteBuffer receive() throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    return ByteBuffer.wrap(frame);
  }

  /** Kafka's own conversion, which knows the fields of each version. */
  private static JsonNode json(ApiMessage message, short version) {
    try {
      return (JsonNode)
          Class.forName(message.getClass().getName() + "JsonConverter")
              .getMethod("write", message.getClass(), short.class)
              .invoke(null, message, version);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          message.getClass() + " v" + version + " as JSON",
          e instanceof InvocationTargetException wrapped ? wrapped.getCause() : e);
    }
  }

  @Override
  public void close() throws IOException {
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
