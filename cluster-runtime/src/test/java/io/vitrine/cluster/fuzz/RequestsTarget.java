package io.vitrine.cluster.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCounted;
import io.vitrine.protocol.codec.EncodedMessage;
import io.vitrine.protocol.codec.MessageEncoder;
import io.vitrine.protocol.codec.ParsedRequest;
import io.vitrine.protocol.codec.RequestParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * A frame as the server parses it, of every API in every version: it is refused with a {@link
 * RuntimeException}, or is what comes out again when it is written and read once more.
 */
final class RequestsTarget implements FuzzTarget {
  private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(false);

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (ApiKeys api : ApiKeys.values()) {
      for (short version : api.allVersions()) {
        ByteBuffer header =
            MessageUtil.toByteBuffer(
                new RequestHeader(api, version, "c", 1).data(), api.requestHeaderVersion(version));
        seeds.add(Input.joined(bytes(header), body(api, version)));
      }
    }
    return seeds;
  }

  /** A request without contents; nothing where a version has no empty form. */
  private static byte[] body(ApiKeys api, short version) {
    try {
      return bytes(MessageUtil.toByteBuffer(api.messageType.newRequest(), version));
    } catch (RuntimeException e) {
      return new byte[0];
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public void run(byte[] input) {
    ParsedRequest parsed;
    try {
      parsed = RequestParser.parse(ByteBuffer.wrap(input), ApiKeys::isVersionSupported);
    } catch (RuntimeException refused) {
      return;
    }
    RequestHeader header = parsed.header();
    AbstractResponse refusal = RequestParser.refusal(parsed.body());
    if (refusal != null) {
      short version = RequestParser.responseVersion(header, parsed.body());
      write(MessageEncoder.encode(alloc, header, refusal, version));
    }
    if (!ApiKeys.forId(header.apiKey().id).isVersionSupported(header.apiVersion())) {
      return;
    }
    ByteBuffer again;
    try {
      again = write(MessageEncoder.encode(alloc, header, parsed.body()));
    } catch (RuntimeException notWritten) {
      // Unknown tags may be read in any order, and are written in a rising one only.
      checkReleased();
      return;
    }
    again.getInt();
    ParsedRequest reparsed = RequestParser.parse(again, ApiKeys::isVersionSupported);
    if (!same(parsed.body().data(), reparsed.body().data())) {
      throw new AssertionError(parsed.body().data() + " became " + reparsed.body().data());
    }
  }

  /** What holds a NaN equals nothing, not even its own copy: then what it prints is compared. */
  private static boolean same(ApiMessage one, ApiMessage other) {
    return one.equals(other)
        || (!one.equals(one.duplicate()) && one.toString().equals(other.toString()));
  }

  private ByteBuffer write(EncodedMessage encoded) {
    ByteBuffer all = ByteBuffer.allocate((int) encoded.sizeBytes());
    for (ReferenceCounted part : encoded.parts()) {
      ByteBuf bytes = (ByteBuf) part;
      all.put(bytes.nioBuffer());
    }
    encoded.release();
    checkReleased();
    return all.flip();
  }

  private void checkReleased() {
    if (alloc.metric().usedDirectMemory() != 0) {
      throw new AssertionError("a buffer is not released");
    }
  }
}
