package io.vitrine.cluster.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kept inputs of a target: text, one input a line in base64, in the resource {@code
 * /fuzz/<target>.seeds}; and the directories Jazzer works with, one input a file.
 *
 * <p>As a program: {@code unpack <target> <directory>} writes kept inputs and those the target
 * begins with; {@code keep <target> <directory>...} adds the shortest inputs of directories to the
 * kept ones; {@code targets} names the targets.
 */
public final class SeedFile {
  private static final Path RESOURCES = Path.of("src/test/resources/fuzz");
  private static final String SUFFIX = ".seeds";
  private static final int LARGEST_BYTES = 512;
  private static final int MOST = 250;

  private SeedFile() {}

  public static void main(String[] args) throws IOException {
    switch (args[0]) {
      case "targets" -> FuzzTargets.names().forEach(System.out::println);
      case "unpack" -> unpack(args[1], Path.of(args[2]));
      case "keep" -> keep(args[1], Arrays.stream(args).skip(2).map(Path::of).toList());
      default -> throw new IllegalArgumentException("targets, unpack or keep, not " + args[0]);
    }
  }

  /** The kept inputs of a target; none when there is no such resource. */
  static List<byte[]> kept(String target) {
    URL resource = SeedFile.class.getResource("/fuzz/" + target + SUFFIX);
    if (resource == null) {
      return List.of();
    }
    try (var in = resource.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(Base64.getDecoder()::decode)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(String target, Path directory) throws IOException {
    List<byte[]> all = new ArrayList<>(kept(target));
    all.addAll(FuzzTargets.named(target).seeds());
    Files.createDirectories(directory);
    for (int i = 0; i < all.size(); i++) {
      Files.write(directory.resolve("seed-" + i), all.get(i));
    }
  }

  private static void keep(String target, List<Path> directories) throws IOException {
    List<byte[]> found = new ArrayList<>();
    for (Path directory : directories) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path each : files.filter(file -> !file.toString().endsWith(".java")).toList()) {
          found.add(Files.readAllBytes(each));
        }
      }
    }
    Stream<byte[]> shortest =
        found.stream()
            .filter(input -> input.length <= LARGEST_BYTES)
            .sorted(Comparator.comparingInt(input -> input.length));
    List<String> lines =
        Stream.concat(kept(target).stream(), shortest)
            .map(Base64.getEncoder()::encodeToString)
            .distinct()
            .limit(MOST)
            .toList();
    Files.createDirectories(RESOURCES);
    Files.write(RESOURCES.resolve(target + SUFFIX), lines, StandardCharsets.US_ASCII);
  }
}
