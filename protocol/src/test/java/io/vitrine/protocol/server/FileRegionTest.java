package io.vitrine.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.codec.FileSlice;
import io.vitrine.protocol.codec.LeakProof;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records from file to a real socket (M57). */
@ExtendWith(LeakProof.class)
class FileRegionTest {
  private static final int PARTITIONS = 5;
  private static final int SIZE = 700_000;

  @TempDir Path directory;
  private final AtomicInteger releases = new AtomicInteger();

  private static byte[] fetch() {
    return RunningServer.frame(
        new FetchRequest.SimpleBuilder(new FetchRequestData()).build((short) 12), 1);
  }

  private FetchResponse response(FileChannel file) {
    FetchResponseData.FetchableTopicResponse topic =
        new FetchResponseData.FetchableTopicResponse().setTopic("t");
    for (int p = 0; p < PARTITIONS; p++) {
      topic
          .partitions()
          .add(
              new FetchResponseData.PartitionData()
                  .setPartitionIndex(p)
                  .setRecords(
                      new FileSlice(file, (long) p * SIZE, SIZE, releases::incrementAndGet)));
    }
    FetchResponseData data = new FetchResponseData();
    data.responses().add(topic);
    return new FetchResponse(data);
  }

  private FileChannel file(byte[] content) throws Exception {
    Path path = directory.resolve("segment.log");
    Files.write(path, content);
    return FileChannel.open(path);
  }

  private static byte[] content() {
    byte[] content = new byte[PARTITIONS * SIZE];
    new Random(11).nextBytes(content);
    return content;
  }

  @Test
  void everyPartitionArrivesByteForByteAndTheFileStaysOpen() throws Exception {
    byte[] content = content();
    try (FileChannel file = file(content);
        RunningServer running = new RunningServer(request -> request.respond(response(file)));
        RawClient client = running.connect()) {
      for (int round = 1; round <= 3; round++) {
        client.send(fetch());
        FetchResponse response =
            (FetchResponse) client.receive(TestRequests.header(ApiKeys.FETCH, 12, 1));
        for (FetchResponseData.PartitionData partition :
            response.data().responses().get(0).partitions()) {
          ByteBuffer records = ((MemoryRecords) partition.records()).buffer();
          assertThat(records)
              .isEqualTo(ByteBuffer.wrap(content, partition.partitionIndex() * SIZE, SIZE));
        }
        int answered = round;
        await().until(() -> running.completed.size() == answered);
        assertThat(releases).hasValue(PARTITIONS * round);
      }
      assertThat(running.server.sample().zeroCopyBytes()).isEqualTo(3L * content.length);
      assertThat(file.isOpen()).isTrue();
    }
  }

  @Test
  void clientThatGoesAwayWhileBytesFlowGivesEverySliceBackOnce() throws Exception {
    try (FileChannel file = file(content());
        RunningServer running = new RunningServer(request -> request.respond(response(file)))) {
      try (RawClient client = running.connect()) {
        client.socket.setSoLinger(true, 0);
        client.send(fetch());
        client.socket.getInputStream().read(new byte[1000]);
      }
      await().until(() -> running.server.sample().connections() == 0);
      await().untilAsserted(() -> assertThat(releases).hasValue(PARTITIONS));
    }
  }

  @Test
  void answerToAClosedConnectionGivesEverySliceBackOnce() throws Exception {
    LinkedBlockingQueue<Request> served = new LinkedBlockingQueue<>();
    try (FileChannel file = file(content());
        RunningServer running = new RunningServer(served::add)) {
      RawClient client = running.connect();
      client.send(fetch());
      Request request = served.poll(10, TimeUnit.SECONDS);
      running.server.kill();
      request.respond(response(file));
      assertThat(releases).hasValue(PARTITIONS);
      client.close();
    }
  }

  @Test
  void fileShorterThanPromisedClosesTheConnection() throws Exception {
    try (FileChannel file = file(new byte[10]);
        RunningServer running = new RunningServer(request -> request.respond(response(file)));
        RawClient client = running.connect()) {
      client.send(fetch());
      await().until(() -> running.server.sample().connections() == 0);
      assertThat(releases).hasValue(PARTITIONS);
    }
  }
}
