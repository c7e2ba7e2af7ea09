package io.vitrine.cluster.replica;

import static org.awaitility.Awaitility.await;

import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetcherThreadTest {
  private static final Duration AT_MOST = Duration.ofSeconds(60);

  /** Has nothing to ask, or fails in doing so. */
  private record Steps(AtomicReference<Throwable> fault) implements FetcherSteps {
    @Override
    public CompletableFuture<AbstractResponse> ask() {
      if (fault.get() instanceof Error e) {
        throw e;
      }
      if (fault.get() instanceof RuntimeException e) {
        throw e;
      }
      return null;
    }

    @Override
    public void completed(AbstractResponse response, Throwable failure) {}

    @Override
    public OptionalLong idleMs() {
      return OptionalLong.empty();
    }

    @Override
    public boolean ended() {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, AssertionError.class})
  void isDeadAfterAFaultUntilItIsWoken(Class<? extends Throwable> kind) throws Exception {
    AtomicReference<Throwable> fault =
        new AtomicReference<>(kind.getDeclaredConstructor().newInstance());
    try (SocketClients clients =
        new SocketClients(
            "test-",
            1,
            new ClientSettings("test", 10_000, 30_000, 1 << 20),
            ClientSecurity.plaintext())) {
      FetcherThread thread =
          new FetcherThread(clients.connectWithThread("127.0.0.1", 1, "fetcher", "test"), "test");
      thread.start(new Steps(fault));
      await().atMost(AT_MOST).until(thread::hasDied);

      fault.set(null);
      thread.wakeUp();

      await().atMost(AT_MOST).until(() -> !thread.hasDied());
    }
  }
}
