package io.vitrine.protocol.server;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** A plain socket that says whatever it likes. Reads give up after ten seconds. */
final class RawClient implements AutoCloseable {
  final Socket socket = new Socket();
  private final DataInputStream in;

  RawClient(InetSocketAddress address) throws IOException {
    socket.connect(address, 5_000);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
  }

  void send(byte[]... parts) throws IOException {
    int size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (byte[] part : parts) {
      all.put(part);
    }
    socket.getOutputStream().write(all.array());
    socket.getOutputStream().flush();
  }

  /** The next frame without its size field. */
  ByteBuffer receive() throws IOException {
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    return ByteBuffer.wrap(frame);
  }

  AbstractResponse receive(RequestHeader header) throws IOException {
    return AbstractResponse.parseResponse(receive(), header);
  }

  /** Whether the server ends the connection without sending another byte. */
  boolean isClosedWithoutAnswer() throws IOException {
    try {
      return in.read() == -1;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** Whether it ends by a reset rather than an orderly close. */
  boolean isReset() throws IOException {
    try {
      in.read();
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
