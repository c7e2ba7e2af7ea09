package io.vitrine.cluster.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Three brokers and ZooKeeper in this JVM, told over standard input to stop one of them. */
abstract class BenchCluster {
  static final String READY = "READY ";
  static final int BROKERS = 3;

  /** Stops a broker in a controlled way; returns when it is gone. */
  abstract void stop(int brokerId) throws Exception;

  abstract void close() throws Exception;

  /** Says READY, then obeys {@code stop N} lines until the input ends. */
  final void serve(String bootstrap) throws Exception {
    System.out.println(READY + bootstrap);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("stop ")) {
          stop(Integer.parseInt(line.substring("stop ".length())));
          System.out.println("STOPPED");
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("standard input failed", e);
    }
    close();
  }
}
