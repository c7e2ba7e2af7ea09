package io.vitrine.protocol.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * Message to frame: size, header and body in one pooled direct buffer, file slices as regions
 * between its parts. Which header version goes with which message comes from Kafka's schemas (an
 * ApiVersions response always has header v0). Stateless; any thread.
 */
public final class MessageEncoder {
  private static final int SIZE_BYTES = 4;

  private MessageEncoder() {}

  /**
   * Encodes an answer. When it throws, the response's file slices have been released.
   *
   * @param version the body's version; see {@link RequestParser#responseVersion}
   * @throws RuntimeException when a value cannot be expressed in that version
   */
  public static EncodedMessage encode(
      ByteBufAllocator alloc, RequestHeader request, AbstractResponse response, short version) {
    try {
      ResponseHeader header = request.toResponseHeader();
      return encode(alloc, header.data(), header.headerVersion(), response.data(), version);
    } catch (RuntimeException | Error e) {
      FileSlice.releaseAll(response);
      throw e;
    }
  }

  /**
   * Encodes a request.
   *
   * @throws RuntimeException when a value cannot be expressed in the request's version
   */
  public static EncodedMessage encode(
      ByteBufAllocator alloc, RequestHeader header, AbstractRequest request) {
    return encode(
        alloc, header.data(), header.headerVersion(), request.data(), header.apiVersion());
  }

  private static EncodedMessage encode(
      ByteBufAllocator alloc,
      ApiMessage header,
      short headerVersion,
      ApiMessage body,
      short bodyVersion) {
    // The cache carries what sizing found out over to writing.
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    header.addSize(size, cache, headerVersion);
    body.addSize(size, cache, bodyVersion);
    ByteBuf buffer = alloc.directBuffer(SIZE_BYTES + size.sizeExcludingZeroCopy());
    try {
      MessageWriter writer = new MessageWriter(buffer);
      writer.writeInt(size.totalSize());
      header.write(writer, cache, headerVersion);
      body.write(writer, cache, bodyVersion);
      long zeroCopyBytes = writer.sliceBytes();
      return new EncodedMessage(
          writer.parts(), (long) SIZE_BYTES + size.totalSize(), zeroCopyBytes);
    } catch (RuntimeException | Error e) {
      buffer.release();
      throw e;
    }
  }
}
