package io.vitrine.protocol.client;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;

/** A node played by the test itself, with plain sockets and Kafka's own bytes. */
final class FakeNode implements AutoCloseable {
  private final ServerSocket listening;
  private Socket socket;

  FakeNode() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listening.setSoTimeout(10_000);
  }

  int port() {
    return listening.getLocalPort();
  }

  void accept() throws IOException {
    socket = listening.accept();
    socket.setSoTimeout(10_000);
  }

  RequestHeader receive() throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    return RequestHeader.parse(ByteBuffer.wrap(frame));
  }

  /** A Heartbeat response with this error code. */
  void answer(RequestHeader request, int correlationId, int errorCode) throws IOException {
    ResponseHeader header = request.toResponseHeader();
    header.data().setCorrelationId(correlationId);
    ByteBuffer bytes =
        RequestUtils.serialize(
            header.data(),
            header.headerVersion(),
            new HeartbeatResponseData().setErrorCode((short) errorCode),
            request.apiVersion());
    byte[] body = new byte[bytes.remaining()];
    bytes.get(body);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(body.length);
    out.write(body);
    out.flush();
  }

  void announce(int sizeBytes) throws IOException {
    new DataOutputStream(socket.getOutputStream()).writeInt(sizeBytes);
  }

  boolean isClosedByClient() throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketException reset) {
      return true;
    }
  }

  void drop() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    if (socket != null) {
      socket.close();
    }
  }
}
