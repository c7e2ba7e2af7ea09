package io.vitrine.protocol.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.vitrine.protocol.codec.LeakProof;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * 1,000 malformed and 10,000 random frames leave the server serving and its memory where it was.
 * Same seed, same frames.
 */
@ExtendWith(LeakProof.class)
class FrameStormTest {
  private static final long SEED = 20261120;
  private static final long MEGABYTE = 1 << 20;

  /** Well-formed requests with bytes changed, cut off, or announced wrongly. */
  private static byte[] malformed(Random random) {
    byte[] good =
        random.nextBoolean() ? TestRequests.heartbeat(1) : TestRequests.apiVersions("kcat", 3);
    byte[] bad = Arrays.copyOf(good, good.length - random.nextInt(good.length / 2));
    ByteBuffer buffer = ByteBuffer.wrap(bad);
    switch (random.nextInt(4)) {
      case 0 -> buffer.putInt(random.nextInt());
      case 1 -> buffer.putInt(bad.length - 4).putShort((short) random.nextInt());
      case 2 -> buffer.putInt(bad.length - 4).putShort(6, (short) random.nextInt());
      default -> {
        buffer.putInt(bad.length - 4);
        for (int i = 0; i < 5; i++) {
          bad[4 + random.nextInt(bad.length - 4)] = (byte) random.nextInt();
        }
      }
    }
    return bad;
  }

  /** A right size, then noise; half of it behind a header some API accepts. */
  private static byte[] random(Random random) {
    ByteBuffer frame = ByteBuffer.allocate(18 + random.nextInt(400));
    byte[] noise = new byte[frame.capacity()];
    random.nextBytes(noise);
    frame.put(noise).putInt(0, frame.capacity() - 4);
    if (random.nextBoolean()) {
      ApiKeys api = ApiKeys.values()[random.nextInt(ApiKeys.values().length)];
      int versions = api.latestVersion() - api.oldestVersion() + 1;
      frame.putShort(4, api.id);
      frame.putShort(6, (short) (api.oldestVersion() + random.nextInt(versions)));
      frame.putShort(12, (short) -1);
    }
    return frame.array();
  }

  private static void storm(RunningServer running, Random random, List<byte[]> frames)
      throws IOException {
    int at = 0;
    while (at < frames.size()) {
      try (RawClient client = running.connect()) {
        int burst = 1 + random.nextInt(4);
        for (int i = 0; i < burst && at < frames.size(); i++) {
          client.send(frames.get(at++));
        }
        client.socket.shutdownOutput();
        client.isClosedWithoutAnswer();
      } catch (IOException closedOnUsMeanwhile) {
        // The server has closed at the first bad frame: what it should do.
        assertThat(closedOnUsMeanwhile).isInstanceOf(SocketException.class);
      }
    }
  }

  private static long heapUsed() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static long directUsed() {
    long used =
        ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
    assertThat(used).as("measured at all").isPositive();
    return used;
  }

  private static void serves(RunningServer running) throws IOException {
    try (RawClient client = running.connect()) {
      client.send(TestRequests.heartbeat(7));
      assertThat(client.receive().getInt(0)).isEqualTo(7);
    }
  }

  @Test
  void serverOutlivesMalformedAndRandomFramesInBoundedMemory() throws Exception {
    Random random = new Random(SEED);
    List<byte[]> malformed = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      malformed.add(malformed(random));
    }
    List<byte[]> noise = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      noise.add(random(random));
    }
    try (RunningServer running =
        new RunningServer(
            request -> {
              if (request.apiKey() == ApiKeys.HEARTBEAT) {
                TestRequests.answer(request);
              } else {
                request.closeConnection();
              }
            })) {
      serves(running);
      long heapBefore = heapUsed();
      long directBefore = directUsed();

      storm(running, random, malformed);
      serves(running);
      storm(running, random, noise);
      serves(running);

      await().until(() -> running.server.sample().connections() == 0);
      ServerSample sample = running.server.sample();
      assertThat(sample.rejectedFrames()).isGreaterThan(3_000);
      assertThat(sample.requestQueueLength()).isZero();
      assertThat(sample.busyIoThreads()).isZero();
      running.completed.clear();
      assertThat(heapUsed() - heapBefore).isLessThan(16 * MEGABYTE);
      assertThat(directUsed() - directBefore).isLessThan(16 * MEGABYTE);
    }
  }

  @Test
  void announcedHundredMegabytesOnManyConnectionsTakeNoMemory() throws Exception {
    try (RunningServer running =
        new RunningServer(
            s ->
                new ServerSettings(
                    s.listenerName(),
                    s.host(),
                    0,
                    3,
                    4,
                    500,
                    100 << 20,
                    1000,
                    1000,
                    -1,
                    50,
                    -1,
                    -1,
                    s.threadPrefix()),
            TestRequests::answer)) {
      serves(running);
      long directBefore = directUsed();
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        RawClient client = running.connect();
        client.send(ByteBuffer.allocate(8).putInt(100 << 20).putInt(1).array());
        clients.add(client);
      }
      await().until(() -> running.server.sample().connections() == 200);
      serves(running);
      assertThat(directUsed() - directBefore).isLessThan(200 * 64 * 1024 + 16 * MEGABYTE);
      for (RawClient client : clients) {
        client.close();
      }
      await().until(() -> running.server.sample().connections() == 0);
    }
  }
}
