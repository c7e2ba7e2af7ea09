package io.vitrine.cluster.cli;

import io.vitrine.storage.inspect.BatchView;
import io.vitrine.storage.inspect.BatchWalk;
import io.vitrine.storage.inspect.Damage;
import io.vitrine.storage.inspect.DirectoryView;
import io.vitrine.storage.inspect.Field;
import io.vitrine.storage.inspect.IndexEntry;
import io.vitrine.storage.inspect.Inspection;
import io.vitrine.storage.inspect.Lookup;
import io.vitrine.storage.inspect.LookupStep;
import io.vitrine.storage.inspect.PartitionView;
import io.vitrine.storage.inspect.RecordView;
import io.vitrine.storage.inspect.SegmentView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks into a log directory, of Vitrine or of Kafka, and prints what is there. */
@Command(
    name = "inspect",
    description = "Look into a log directory, running or not, without changing it.",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class InspectCommand implements Callable<Integer> {
  private static final int DAMAGED = 1;

  @Parameters(
      paramLabel = "DIR",
      description = "A log directory, a partition's directory, or a .log file.")
  private Path directory;

  @Option(
      names = "--partition",
      paramLabel = "NAME",
      description = "Show the segments of one partition, such as orders-0.")
  private String partition;

  @Option(
      names = "--segment",
      paramLabel = "BASE",
      description = "Show the batches of the segment that begins at this offset.")
  private Long segment;

  @Option(names = "--records", description = "Show records instead of batches.")
  private boolean records;

  @Option(names = "--index", description = "Show the entries of the segment's indexes.")
  private boolean index;

  @Option(names = "--fields", description = "Show the bytes of every field.")
  private boolean fields;

  @Option(
      names = "--from",
      paramLabel = "OFFSET",
      description = "Begin at this offset; with --index, at its segment.")
  private long from;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Show at most so many rows (default: ${DEFAULT-VALUE}).")
  private int limit = 1_000;

  @Option(
      names = "--explain-offset",
      paramLabel = "OFFSET",
      description = "Say how the broker finds this offset, step by step.")
  private Long explainOffset;

  @Option(
      names = "--explain-timestamp",
      paramLabel = "MS",
      description = "Say how the broker finds the first record this new, step by step.")
  private Long explainTimestamp;

  @Option(
      names = "--check",
      description = "Check every batch and index entry; exits with 1 when something is wrong.")
  private boolean check;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (limit < 0) {
      throw usage("--limit must not be negative: " + limit);
    }
    DirectoryView view = Inspection.open(directory);
    Tables out = new Tables(spec.commandLine().getOut(), json);
    try {
      int code = show(view, out);
      view.problems().forEach(problem -> complain(problem));
      return code;
    } finally {
      out.end();
    }
  }

  private int show(DirectoryView view, Tables out) throws IOException {
    if (check) {
      if (partition != null) {
        partition(view);
      }
      int code = check(view, out);
      // What could not be read was not checked either.
      return view.problems().isEmpty() ? code : DAMAGED;
    }
    boolean single = view.partitions().size() == 1 && view.properties().isEmpty();
    if (partition == null && !single) {
      if (segment != null || records || index || explains()) {
        throw usage("--partition is needed: " + view.path() + " holds several");
      }
      overview(view, out);
      return 0;
    }
    PartitionView one = partition(view);
    if (explainOffset != null) {
      explain(Lookup.offset(one, explainOffset), out);
    } else if (explainTimestamp != null) {
      explain(Lookup.timestamp(one, explainTimestamp), out);
    } else if (segment == null && !records && !index) {
      segments(one, out);
    } else {
      contents(one, out);
    }
    return 0;
  }

  private boolean explains() {
    return explainOffset != null || explainTimestamp != null;
  }

  private PartitionView partition(DirectoryView view) {
    return view.partitions().stream()
        .filter(each -> partition == null || each.name().equals(partition))
        .findFirst()
        .orElseThrow(() -> usage(view.path() + " has no partition " + partition));
  }

  private CommandLine.ParameterException usage(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }

  private void complain(String problem) {
    spec.commandLine().getErr().println("vitrine: " + problem);
    spec.commandLine().getErr().flush();
  }

  // ---- tables --------------------------------------------------------------------------------

  private void overview(DirectoryView view, Tables out) {
    Tables.Table directoryTable = out.table("directory");
    directoryTable.row(
        "path", view.path().toString(),
        "broker", view.properties().getOrDefault("broker.id", ""),
        "cluster", view.properties().getOrDefault("cluster.id", ""),
        "stopped cleanly", view.stoppedCleanly());
    Tables.Table table = out.table("partitions");
    for (PartitionView each : view.partitions()) {
      table.row(
          "partition", each.name(),
          "kind", each.kind().name().toLowerCase(Locale.ROOT),
          "segments", each.segments().size(),
          "bytes", each.sizeBytes(),
          "log start", checkpoint(view, "log-start-offset-checkpoint", each),
          "high watermark", checkpoint(view, "replication-offset-checkpoint", each),
          "recovery point", checkpoint(view, "recovery-point-offset-checkpoint", each),
          "cleaned to", checkpoint(view, "cleaner-offset-checkpoint", each),
          "topic id", each.topicId().orElse(""));
    }
  }

  private static Object checkpoint(DirectoryView view, String name, PartitionView partition) {
    Long offset = view.checkpoints().getOrDefault(name, Map.of()).get(partition.name());
    return offset == null ? "" : offset;
  }

  private static void segments(PartitionView partition, Tables out) {
    Tables.Table segments = out.table("segments of " + partition.name());
    for (SegmentView each : partition.segments()) {
      segments.row(
          "base offset", each.baseOffset(),
          "state", each.state().isEmpty() ? "in use" : each.state(),
          "bytes", each.sizeBytes(),
          "offset index", sizeOf(each.offsetIndexBytes()),
          "time index", sizeOf(each.timeIndexBytes()),
          "transaction index", sizeOf(each.transactionIndexBytes()),
          "modified", Instant.ofEpochMilli(each.lastModifiedMs()).toString());
    }
    Tables.Table epochs = out.table("leader epochs");
    for (PartitionView.Epoch each : partition.epochs()) {
      epochs.row("epoch", each.epoch(), "start offset", each.startOffset());
    }
    Tables.Table snapshots = out.table("producer snapshots");
    for (long each : partition.snapshotOffsets()) {
      snapshots.row("offset", each);
    }
  }

  private static Object sizeOf(long bytes) {
    return bytes < 0 ? "none" : bytes;
  }

  private void contents(PartitionView partition, Tables out) throws IOException {
    Rows rows = new Rows(limit);
    for (SegmentView each : chosen(partition)) {
      if (index) {
        index(each, out, rows);
      } else {
        walk(partition, each, out, rows);
      }
      if (rows.full()) {
        complain("there is more: see --from and --limit");
        return;
      }
    }
  }

  /** The named segment, or all from the one that holds the first offset on. */
  private List<SegmentView> chosen(PartitionView partition) {
    List<SegmentView> all = partition.inUse();
    if (segment != null) {
      List<SegmentView> named =
          partition.segments().stream().filter(each -> each.baseOffset() == segment).toList();
      if (named.isEmpty()) {
        throw usage(partition.name() + " has no segment that begins at " + segment);
      }
      return named;
    }
    int first = 0;
    while (first + 1 < all.size() && all.get(first + 1).baseOffset() <= from) {
      first++;
    }
    return all.subList(Math.min(first, all.size()), all.size());
  }

  private void index(SegmentView segment, Tables out, Rows rows) throws IOException {
    Tables.Table table = out.table("indexes of segment " + segment.baseOffset());
    for (IndexEntry each : Inspection.index(segment)) {
      if (each.offset() < from) {
        continue;
      }
      if (!rows.take()) {
        return;
      }
      table.row("byte", each.at(), "key", each.key(), "points to", each.points());
    }
  }

  /** Counts rows down. */
  private static final class Rows {
    private int left;

    Rows(int left) {
      this.left = left;
    }

    boolean take() {
      return left-- > 0;
    }

    boolean full() {
      return left < 0;
    }
  }

  private void walk(PartitionView partition, SegmentView segment, Tables out, Rows rows)
      throws IOException {
    Tables.Table table =
        out.table((records ? "records" : "batches") + " of segment " + segment.baseOffset());
    try (BatchWalk walk = BatchWalk.of(segment.log(), segment.baseOffset())) {
      Optional<BatchView> next = walk.next();
      while (next.isPresent() && !rows.full()) {
        BatchView batch = next.get();
        if (batch.header().lastOffset() >= from) {
          if (records) {
            records(walk.records(batch, partition.topic()), table, rows);
          } else if (rows.take()) {
            batch(batch, table);
          }
        }
        next = walk.next();
      }
      walk.damage()
          .ifPresent(
              damage ->
                  complain(damage.file() + " at " + damage.position() + ": " + damage.reason()));
    }
  }

  private void batch(BatchView batch, Tables.Table table) {
    if (fields) {
      batch.fields().forEach(field -> field(field, table));
      return;
    }
    table.row(
        "position", batch.position(),
        "bytes", batch.header().sizeBytes(),
        "offsets", batch.header().baseOffset() + "–" + batch.header().lastOffset(),
        "records", batch.header().recordCount(),
        "epoch", batch.header().leaderEpoch(),
        "codec", batch.codec(),
        "producer",
            batch.header().hasProducerId()
                ? batch.header().producerId()
                    + "/"
                    + batch.header().producerEpoch()
                    + " from "
                    + batch.header().baseSequence()
                : "",
        "kind",
            (batch.header().control() ? "control " : "")
                + (batch.header().transactional() ? "transactional" : ""),
        "max timestamp", batch.header().maxTimestampMs());
  }

  private static void field(Field field, Tables.Table table) {
    table.row(
        "bytes",
        field.from() + "–" + (field.to() - 1),
        "field",
        field.name(),
        "value",
        field.value());
  }

  private void records(List<RecordView> all, Tables.Table table, Rows rows) {
    for (RecordView each : all) {
      if (each.offset() < from || !rows.take()) {
        continue;
      }
      if (fields) {
        each.fields().forEach(field -> field(field, table));
      } else {
        table.row(
            "offset", each.offset(),
            "timestamp", each.timestampMs(),
            "key", each.key(),
            "value", each.value(),
            "headers", String.join(" ", each.headers()),
            "meaning", each.meaning());
      }
    }
  }

  private static void explain(Lookup.Explained lookup, Tables out) {
    Tables.Table table = out.table("lookup");
    for (LookupStep step : lookup.steps()) {
      table.row(
          "step",
          step.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          "what",
          step.text());
    }
  }

  private int check(DirectoryView view, Tables out) {
    Tables.Table table = out.table("damage");
    int found = 0;
    for (PartitionView each : view.partitions()) {
      if (partition == null || each.name().equals(partition)) {
        for (Damage damage : Inspection.check(each, () -> true)) {
          table.row(
              "file",
              damage.file().toString(),
              "byte",
              damage.position(),
              "reason",
              damage.reason());
          found++;
        }
      }
    }
    return found == 0 ? 0 : DAMAGED;
  }
}
