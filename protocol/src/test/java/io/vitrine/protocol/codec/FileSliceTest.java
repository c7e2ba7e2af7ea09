package io.vitrine.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCounted;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.BaseRecords;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(LeakProof.class)
class FileSliceTest {
  @TempDir Path directory;
  private final AtomicInteger releases = new AtomicInteger();
  private MemoryRecords first;
  private MemoryRecords second;
  private FileChannel file;

  @BeforeEach
  void writeFile() throws Exception {
    first = records("one", 3);
    second = records("two", 2000);
    Path path = directory.resolve("00000000000000000000.log");
    try (WritableByteChannel out =
        Files.newByteChannel(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.write(first.buffer());
      out.write(second.buffer());
    }
    file = FileChannel.open(path, StandardOpenOption.READ);
  }

  @AfterEach
  void closeFile() throws Exception {
    file.close();
  }

  private static MemoryRecords records(String text, int count) {
    SimpleRecord[] records = new SimpleRecord[count];
    for (int i = 0; i < count; i++) {
      records[i] = new SimpleRecord(i, (text + i).getBytes());
    }
    return MemoryRecords.withRecords(Compression.NONE, records);
  }

  private FileSlice slice(long position, int size) {
    return new FileSlice(file, position, size, releases::incrementAndGet);
  }

  private static FetchResponse response(BaseRecords... records) {
    FetchResponseData data = new FetchResponseData().setThrottleTimeMs(3);
    for (int t = 0; t < 2; t++) {
      FetchResponseData.FetchableTopicResponse topic =
          new FetchResponseData.FetchableTopicResponse();
      for (int p = 0; p < records.length; p++) {
        topic
            .partitions()
            .add(
                new FetchResponseData.PartitionData()
                    .setPartitionIndex(p)
                    .setHighWatermark(100 + p)
                    .setRecords(t == 0 ? records[p] : MemoryRecords.EMPTY));
      }
      data.responses().add(topic);
    }
    return new FetchResponse(data);
  }

  private static void name(FetchResponse response, short version) {
    int i = 0;
    for (FetchResponseData.FetchableTopicResponse topic : response.data().responses()) {
      i++;
      if (version >= 13) {
        topic.setTopicId(new Uuid(i, i));
      } else {
        topic.setTopic("topic-" + i);
      }
    }
  }

  static Stream<Short> fetchVersions() {
    return ApiKeys.FETCH.allVersions().stream();
  }

  @ParameterizedTest
  @MethodSource("fetchVersions")
  void bytesAreThoseOfTheSameRecordsInMemory(short version) throws Exception {
    FetchResponse fromFile =
        response(
            slice(0, first.sizeInBytes()),
            MemoryRecords.EMPTY,
            slice(first.sizeInBytes(), second.sizeInBytes()),
            first,
            slice(5, 0));
    FetchResponse fromMemory =
        response(first, MemoryRecords.EMPTY, second, first, MemoryRecords.EMPTY);
    name(fromFile, version);
    name(fromMemory, version);
    RequestHeader request = new RequestHeader(ApiKeys.FETCH, version, "c", 9);
    ResponseHeader header = request.toResponseHeader();

    EncodedMessage encoded =
        MessageEncoder.encode(ByteBufAllocator.DEFAULT, request, fromFile, version);

    assertThat(encoded.zeroCopyBytes()).isEqualTo(first.sizeInBytes() + second.sizeInBytes());
    byte[] wire = write(encoded.parts());
    ByteBuffer expected =
        RequestUtils.serialize(header.data(), header.headerVersion(), fromMemory.data(), version);
    assertThat(ByteBuffer.wrap(wire).getInt()).isEqualTo(expected.remaining());
    assertThat(ByteBuffer.wrap(wire, 4, wire.length - 4)).isEqualTo(expected);
    assertThat(releases).hasValue(3);
    assertThat(file.isOpen()).isTrue();
  }

  private static byte[] write(List<ReferenceCounted> parts) throws Exception {
    EmbeddedChannel channel = new EmbeddedChannel();
    parts.forEach(channel::write);
    channel.flush();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WritableByteChannel out = Channels.newChannel(bytes);
    for (Object part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      if (part instanceof FileRegion region) {
        while (region.transferred() < region.count()) {
          region.transferTo(out, region.transferred());
        }
        region.release();
      } else {
        ByteBuf buffer = (ByteBuf) part;
        buffer.readBytes(bytes, buffer.readableBytes());
        buffer.release();
      }
    }
    channel.finishAndReleaseAll();
    return bytes.toByteArray();
  }

  @Test
  void unsentMessageGivesItsSlicesBackOnce() {
    FetchResponse response = response(slice(0, 10), slice(10, 10));
    name(response, (short) 17);
    EncodedMessage encoded =
        MessageEncoder.encode(
            ByteBufAllocator.DEFAULT,
            new RequestHeader(ApiKeys.FETCH, (short) 17, "c", 1),
            response,
            (short) 17);
    assertThat(releases).hasValue(0);
    encoded.release();
    FileSlice.releaseAll(response);
    assertThat(releases).hasValue(2);
  }

  @Test
  void responseThatCannotBeEncodedGivesItsSlicesBackOnce() {
    FetchResponse response = response(slice(0, 10), slice(10, 10));
    response.data().responses().get(0).partitions().get(1).setAbortedTransactions(List.of());
    // A topic name longer than a string can be.
    response.data().responses().get(1).setTopic("t".repeat(40_000));
    assertThatThrownBy(
            () ->
                MessageEncoder.encode(
                    ByteBufAllocator.DEFAULT,
                    new RequestHeader(ApiKeys.FETCH, (short) 12, "c", 1),
                    response,
                    (short) 12))
        .isInstanceOf(RuntimeException.class);
    assertThat(releases).hasValue(2);
  }

  @Test
  void closedChannelGivesTheSlicesBackOnce() {
    FetchResponse response = response(slice(0, 10), slice(10, 10));
    name(response, (short) 17);
    EncodedMessage encoded =
        MessageEncoder.encode(
            ByteBufAllocator.DEFAULT,
            new RequestHeader(ApiKeys.FETCH, (short) 17, "c", 1),
            response,
            (short) 17);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.close();
    encoded.parts().forEach(channel::write);
    assertThat(releases).hasValue(2);
  }

  @Test
  void impossibleSlicesAreRefused() {
    assertThatThrownBy(() -> slice(-1, 10)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> slice(1, -10)).isInstanceOf(IllegalArgumentException.class);
  }
}
