package io.vitrine.storage.log;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern OF_SEGMENT = Pattern.compile("([0-9]{20})\\..*");

  private LogFiles() {}

  /** The base offset as 20 digits, then the suffix. */
  static Path of(Path directory, long baseOffset, String suffix) {
    return directory.resolve(String.format(Locale.ROOT, "%020d", baseOffset) + suffix);
  }

  /**
   * The base offset of a file's name, -1 when the name does not begin with an offset of 20 digits
   * and is that of a stranger.
   */
  static long baseOffset(Path file) {
    Matcher name = OF_SEGMENT.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return -1;
    }
    try {
      return Long.parseLong(name.group(1));
    } catch (NumberFormatException aboveTheLargestOffset) {
      return -1;
    }
  }
}
