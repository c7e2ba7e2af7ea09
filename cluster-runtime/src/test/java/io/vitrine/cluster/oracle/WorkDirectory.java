package io.vitrine.cluster.oracle;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A temporary directory of a main class that runs clusters by hand. It is deleted when all went
 * well, and kept for a look otherwise.
 */
public final class WorkDirectory {
  /** What is done in the directory. */
  @FunctionalInterface
  public interface Work {
    void in(Path directory) throws Exception;
  }

  private WorkDirectory() {}

  /**
   * Does the work in a new directory.
   *
   * @param prefix of the directory's name
   * @throws Exception the work's, after the place of the directory has been printed
   */
  public static void with(String prefix, Work work) throws Exception {
    Path directory = Files.createTempDirectory(prefix);
    try {
      work.in(directory);
    } catch (Throwable e) {
      System.out.println("its files are kept in " + directory);
      throw e;
    }
    delete(directory);
  }

  /** Deletes a directory with all that is in it. */
  public static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path d, IOException e) throws IOException {
            Files.delete(d);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
