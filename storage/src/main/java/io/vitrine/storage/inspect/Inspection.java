package io.vitrine.storage.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks into log directories. Reads names, sizes and small files; segments only when asked. */
public final class Inspection {
  private static final Pattern PARTITION =
      Pattern.compile("(.+)-(\\d{1,9})(?:\\.[0-9a-f]{32}-(delete|future|stray))?");
  private static final Pattern SEGMENT =
      Pattern.compile("(\\d{20})\\.log(?:\\.(deleted|cleaned|swap))?");
  private static final Pattern SNAPSHOT = Pattern.compile("(\\d{20})\\.snapshot");
  private static final List<String> CHECKPOINTS =
      List.of(
          "recovery-point-offset-checkpoint",
          "replication-offset-checkpoint",
          "log-start-offset-checkpoint",
          "cleaner-offset-checkpoint");
  private static final int SMALL_BYTES = 64 << 20;

  private Inspection() {}

  /**
   * A log directory, one partition's directory, or the directory of a single {@code .log} file.
   *
   * @throws IOException when there is nothing of Kafka's, saying what was looked for
   */
  public static DirectoryView open(Path path) throws IOException {
    Path place = Files.isRegularFile(path) ? path.toAbsolutePath().getParent() : path;
    if (!Files.isDirectory(place)) {
      throw new NoSuchFileException(path.toString(), null, "there is no such file or directory");
    }
    List<String> problems = new ArrayList<>();
    if (hasSegments(place)) {
      List<PartitionView> one = List.of(partition(place, problems));
      return new DirectoryView(place, Map.of(), false, Map.of(), one, problems);
    }
    DirectoryView view = directory(place, problems);
    if (view.partitions().isEmpty() && view.properties().isEmpty()) {
      throw new IOException(
          place
              + " is no log directory: it has neither meta.properties nor a directory"
              + " <topic>-<partition> with segments");
    }
    return view;
  }

  /**
   * What the checkpoint files of a log directory say of one partition, by file name. A file that is
   * not there or cannot be read says nothing.
   */
  public static Map<String, Long> checkpoints(Path logDirectory, String partition) {
    Map<String, Long> of = new LinkedHashMap<>();
    for (String name : CHECKPOINTS) {
      if (Files.exists(logDirectory.resolve(name))) {
        Long offset = checkpoint(logDirectory.resolve(name), new ArrayList<>()).get(partition);
        if (offset != null) {
          of.put(name, offset);
        }
      }
    }
    return of;
  }

  private static boolean hasSegments(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> SEGMENT.matcher(file.getFileName().toString()).matches());
    }
  }

  private static DirectoryView directory(Path path, List<String> problems) throws IOException {
    List<PartitionView> partitions = new ArrayList<>();
    try (Stream<Path> entries = Files.list(path)) {
      for (Path each : entries.sorted().toList()) {
        if (PARTITION.matcher(each.getFileName().toString()).matches() && Files.isDirectory(each)) {
          add(partitions, each, problems);
        }
      }
    }
    Map<String, Map<String, Long>> checkpoints = new LinkedHashMap<>();
    for (String name : CHECKPOINTS) {
      if (Files.exists(path.resolve(name))) {
        checkpoints.put(name, checkpoint(path.resolve(name), problems));
      }
    }
    return new DirectoryView(
        path,
        properties(path.resolve("meta.properties"), problems),
        Files.exists(path.resolve(".kafka_cleanshutdown")),
        checkpoints,
        partitions,
        problems);
  }

  private static void add(List<PartitionView> partitions, Path each, List<String> problems) {
    try {
      partitions.add(partition(each, problems));
    } catch (IOException e) {
      problems.add(each + " cannot be read: " + e.getMessage());
    }
  }

  // ---- a partition ---------------------------------------------------------------------------

  private static PartitionView partition(Path directory, List<String> problems) throws IOException {
    String name = directory.toAbsolutePath().getFileName().toString();
    Matcher parts = PARTITION.matcher(name);
    boolean named = parts.matches();
    List<SegmentView> segments = new ArrayList<>();
    List<Long> snapshots = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String fileName = file.getFileName().toString();
        Matcher segment = SEGMENT.matcher(fileName);
        Matcher snapshot = SNAPSHOT.matcher(fileName);
        if (segment.matches()) {
          offset(file, segment.group(1), problems)
              .flatMap(base -> segment(file, base, segment.group(2)))
              .ifPresent(segments::add);
        } else if (snapshot.matches()) {
          offset(file, snapshot.group(1), problems).ifPresent(snapshots::add);
        }
      }
    }
    segments.sort(
        Comparator.comparing((SegmentView view) -> !view.state().isEmpty())
            .thenComparing(SegmentView::baseOffset));
    return new PartitionView(
        directory,
        named ? parts.group(1) : name,
        named ? Integer.parseInt(parts.group(2)) : 0,
        kind(named ? parts.group(3) : null),
        topicId(directory.resolve("partition.metadata")),
        epochs(directory.resolve("leader-epoch-checkpoint"), problems),
        snapshots,
        segments);
  }

  private static PartitionView.Kind kind(String suffix) {
    if (suffix == null) {
      return PartitionView.Kind.LOG;
    }
    return switch (suffix) {
      case "delete" -> PartitionView.Kind.DELETED;
      case "future" -> PartitionView.Kind.FUTURE;
      default -> PartitionView.Kind.STRAY;
    };
  }

  /** The offset of a file's name; empty when it is above all there can be. */
  private static Optional<Long> offset(Path file, String digits, List<String> problems) {
    try {
      return Optional.of(Long.parseLong(digits));
    } catch (NumberFormatException e) {
      problems.add(file + " is named after an offset above the largest there is");
      return Optional.empty();
    }
  }

  /** Empty when the file is gone by now. */
  private static Optional<SegmentView> segment(Path log, long baseOffset, String state) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(log, BasicFileAttributes.class);
      SegmentView bare =
          new SegmentView(
              log,
              baseOffset,
              state == null ? "" : state,
              attributes.size(),
              -1,
              -1,
              -1,
              attributes.lastModifiedTime().toMillis());
      return Optional.of(
          new SegmentView(
              log,
              bare.baseOffset(),
              bare.state(),
              bare.sizeBytes(),
              size(bare.beside(".index")),
              size(bare.beside(".timeindex")),
              size(bare.beside(".txnindex")),
              bare.lastModifiedMs()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }

  private static Optional<String> topicId(Path file) {
    try {
      return lines(file).stream()
          .filter(line -> line.startsWith("topic_id:"))
          .map(line -> line.substring("topic_id:".length()).trim())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  // ---- small files ---------------------------------------------------------------------------

  private static List<String> lines(Path file) throws IOException {
    if (Files.size(file) > SMALL_BYTES) {
      throw new IOException(file + " is larger than such a file can be");
    }
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  private static Map<String, String> properties(Path file, List<String> problems) {
    Map<String, String> properties = new LinkedHashMap<>();
    if (Files.exists(file)) {
      try {
        for (String line : lines(file)) {
          int equals = line.indexOf('=');
          if (!line.startsWith("#") && equals > 0) {
            properties.put(line.substring(0, equals).trim(), line.substring(equals + 1).trim());
          }
        }
      } catch (IOException e) {
        problems.add(e.getMessage());
      }
    }
    return properties;
  }

  private static Map<String, Long> checkpoint(Path file, List<String> problems) {
    Map<String, Long> offsets = new LinkedHashMap<>();
    forEachEntry(
        file,
        3,
        problems,
        fields -> offsets.put(fields[0] + "-" + fields[1], Long.parseLong(fields[2])));
    return offsets;
  }

  private static List<PartitionView.Epoch> epochs(Path file, List<String> problems) {
    List<PartitionView.Epoch> epochs = new ArrayList<>();
    if (size(file) > 0) {
      forEachEntry(
          file,
          2,
          problems,
          fields ->
              epochs.add(
                  new PartitionView.Epoch(Integer.parseInt(fields[0]), Long.parseLong(fields[1]))));
    }
    return epochs;
  }

  /** Version, count, then entries; what is wrong is named with its line. */
  private static void forEachEntry(
      Path file, int fields, List<String> problems, Consumer<String[]> entry) {
    try {
      List<String> lines = lines(file);
      for (int i = 2; i < lines.size(); i++) {
        String[] parts = lines.get(i).trim().split("\\s+");
        if (parts.length != fields) {
          problems.add(file + ", line " + (i + 1) + ": not " + fields + " fields");
        } else {
          entry.accept(parts);
        }
      }
      if (lines.size() < 2 || lines.size() - 2 != Integer.parseInt(lines.get(1).trim())) {
        problems.add(file + ", line 2: the count does not fit the " + lines.size() + " lines");
      }
    } catch (IOException e) {
      problems.add(String.valueOf(e.getMessage()));
    } catch (NumberFormatException e) {
      problems.add(file + ": a number is malformed: " + e.getMessage());
    }
  }

  // ---- indexes and checks --------------------------------------------------------------------

  /** The entries of a segment's offset index, time index and transaction index, in that order. */
  public static List<IndexEntry> index(SegmentView segment) throws IOException {
    List<IndexEntry> entries = new ArrayList<>();
    long at = 0;
    for (IndexReader.OffsetEntry each : IndexReader.offsets(segment)) {
      entries.add(
          new IndexEntry(
              IndexEntry.Kind.OFFSET,
              at,
              each.offset(),
              each.offset(),
              each.position(),
              "position " + each.position()));
      at += IndexReader.OFFSET_ENTRY;
    }
    at = 0;
    for (IndexReader.TimeEntry each : IndexReader.times(segment)) {
      entries.add(
          new IndexEntry(
              IndexEntry.Kind.TIME,
              at,
              each.timestampMs(),
              each.offset(),
              -1,
              "offset " + each.offset()));
      at += IndexReader.TIME_ENTRY;
    }
    entries.addAll(IndexReader.transactions(segment));
    return entries;
  }

  /**
   * The largest timestamp of a segment, by its time index and the batches behind the last entry of
   * its offset index, as a broker knows it; -1 when it has none.
   */
  public static long largestTimestampMs(SegmentView segment) throws IOException {
    return Lookup.largestTimestamp(segment, IndexReader.times(segment));
  }

  /**
   * Checks one segment and its indexes from the first byte to the last; what is wrong, in order.
   */
  public static List<Damage> check(SegmentView segment) throws IOException {
    return SegmentCheck.of(segment);
  }

  /**
   * Checks a partition's segments and indexes from the first byte to the last.
   *
   * @param goOn asked before each segment; false ends the check
   * @return what is wrong, in the order of the log
   */
  public static List<Damage> check(PartitionView partition, BooleanSupplier goOn) {
    List<Damage> damages = new ArrayList<>();
    for (SegmentView segment : partition.inUse()) {
      if (!goOn.getAsBoolean()) {
        break;
      }
      try {
        damages.addAll(SegmentCheck.of(segment));
      } catch (IOException e) {
        damages.add(new Damage(segment.log(), 0, "cannot be read: " + e.getMessage()));
      }
    }
    return damages;
  }
}
