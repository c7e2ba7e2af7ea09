package io.vitrine.storage.log;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Names of the files of a log. */
final class LogFiles {
  static final String LOG = ".log";
  static final String INDEX = ".index";
  static final String TIME_INDEX = ".timeindex";
  static final String TXN_INDEX = ".txnindex";

  /** Of one segment, in the order they are renamed in. */
  static final List<String> SEGMENT_FILES = List.of(LOG, INDEX, TIME_INDEX, TXN_INDEX);

  static final String DELETED = ".deleted";
  static final String CLEANED = ".cleaned";
  static final String SWAP = ".swap";
  static final String TEMPORARY = ".tmp";

  private LogFiles() {}

  /** The base offset as 20 digits, then the suffix. */
  static Path of(Path directory, long baseOffset, String suffix) {
    return directory.resolve(String.format(Locale.ROOT, "%020d", baseOffset) + suffix);
  }

  /** The base offset of a file's name, -1 when the name does not begin with 20 digits. */
  static long baseOffset(Path file) {
    String name = file.getFileName().toString();
    return name.length() > 20 && name.substring(0, 20).chars().allMatch(Character::isDigit)
        ? Long.parseLong(name.substring(0, 20))
        : -1;
  }
}
