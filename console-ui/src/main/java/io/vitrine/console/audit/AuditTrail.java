package io.vitrine.console.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Everything the operator changed. Safe from any thread. */
public interface AuditTrail {
  /** Where it is kept. */
  Path file();

  /** Grows whenever a line was written; asks no disk. */
  long version();

  /**
   * The newest lines, the newest first; lines somebody else wrote into the file are left out.
   *
   * <p>Reads the file: not on the JavaFX thread.
   */
  List<AuditLine> newest(int most) throws IOException;
}
