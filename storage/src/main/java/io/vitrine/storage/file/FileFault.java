package io.vitrine.storage.file;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One thing that goes wrong with files.
 *
 * @param operations which steps it befalls
 * @param files which files
 * @param first the first of those steps that is hit, counted from 1 once the fault is planned
 * @param count how many are hit from there on
 */
public record FileFault(
    Set<FileOperation> operations, Predicate<Path> files, long first, long count, Effect effect) {

  public FileFault {
    operations = Set.copyOf(operations);
    if (operations.isEmpty() || first < 1 || count < 1) {
      throw new IllegalArgumentException(
          "a fault needs an operation, a first hit from 1 on and at least one hit");
    }
  }

  /** What happens at a hit. */
  public sealed interface Effect {}

  /** The step fails and leaves nothing behind. */
  public record Fail(String message) implements Effect {}

  /** A write leaves its first bytes only, then fails; other steps fail. */
  public record Torn(int bytes) implements Effect {}

  /** The step takes longer. */
  public record Slow(Duration by) implements Effect {}

  /** Writes go through until they have grown files by so many bytes, then there is no space. */
  public record DiskFull(long freeBytes) implements Effect {}

  /** This and every later step of any kind on any file fails: the process is as good as gone. */
  public record Stop() implements Effect {}

  /** Every step of some kinds on every file fails from now on. */
  public static FileFault failing(Set<FileOperation> operations, String message) {
    return new FileFault(operations, file -> true, 1, Long.MAX_VALUE, new Fail(message));
  }

  /** Every step that changes the disk takes longer. */
  public static FileFault slowing(Duration by) {
    return new FileFault(changing(), file -> true, 1, Long.MAX_VALUE, new Slow(by));
  }

  /** The n-th step that changes the disk is the last. */
  public static FileFault stoppingAt(long step) {
    return new FileFault(changing(), file -> true, step, 1, new Stop());
  }

  /** The n-th step that changes the disk, if it is a write, leaves its first bytes only. */
  public static FileFault tearingAt(long step, int bytes) {
    return new FileFault(changing(), file -> true, step, 1, new Torn(bytes));
  }

  private static Set<FileOperation> changing() {
    Set<FileOperation> changing = EnumSet.allOf(FileOperation.class);
    changing.removeIf(operation -> !operation.changes());
    return changing;
  }
}
