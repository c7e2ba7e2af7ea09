package io.vitrine.cluster.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureReasonTest {
  @Test
  void aFullDiskSaysWhatToDo() {
    assertThat(
            FailureReason.of(
                new CompletionException(
                    new IllegalStateException(
                        "cannot roll", new IOException("No space left on device")))))
        .isEqualTo(
            "The disk is full: No space left on device. Free some space, then start the broker"
                + " again.");
  }

  @Test
  void missingPermissionNamesTheFile() {
    assertThat(FailureReason.of(new AccessDeniedException("/data/x"))).contains("/data/x");
  }

  @Test
  void anythingElseSpeaksForItself() {
    assertThat(FailureReason.of(new IOException("the port is taken")))
        .isEqualTo("the port is taken");
    assertThat(FailureReason.of(new NullPointerException())).isEqualTo("NullPointerException");
  }

  @Test
  void aDirectoryIsTakenOnceAndGivenBack(@TempDir Path directory) {
    try (InstanceLock first = InstanceLock.take(directory)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> InstanceLock.take(directory))
          .isInstanceOf(SupervisionException.class)
          .hasMessageContaining(directory.toString());
    }
    InstanceLock.take(directory).close();
  }
}
