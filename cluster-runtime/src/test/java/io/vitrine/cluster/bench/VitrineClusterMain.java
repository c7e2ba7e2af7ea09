package io.vitrine.cluster.bench;

import io.vitrine.cluster.ClusterCommand;
import io.vitrine.cluster.LocalCluster;
import io.vitrine.cluster.LocalClusterSettings;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Ours, as the product runs it: observation included. Argument: an empty directory. */
final class VitrineClusterMain extends BenchCluster {
  private final LocalCluster cluster;

  private VitrineClusterMain(LocalCluster cluster) {
    this.cluster = cluster;
  }

  public static void main(String[] args) throws Exception {
    LocalCluster cluster =
        LocalCluster.start(
            LocalClusterSettings.in(Path.of(args[0])).withBrokers(BROKERS).withAnyPorts());
    cluster.awaitServing(60, TimeUnit.SECONDS);
    new VitrineClusterMain(cluster).serve(cluster.snapshot().bootstrapServers());
  }

  @Override
  void stop(int brokerId) throws Exception {
    cluster.execute(new ClusterCommand.StopBroker(brokerId)).get();
  }

  @Override
  void close() {
    cluster.close();
  }
}
