package io.vitrine.storage.inspect;

import io.vitrine.storage.log.BatchHeader;
import java.util.List;

/**
 * A batch of a segment, by its header.
 *
 * @param position of its first byte in the file
 * @param fields of the header with their bytes
 */
public record BatchView(long position, BatchHeader header, List<Field> fields) {
  /** What its records are compressed with. */
  public String codec() {
    int codec = header.attributes() & 0x07;
    return codec > 4 ? "unknown codec " + codec : header.compression().name;
  }

  /** The byte after its last one. */
  public long end() {
    return position + header.sizeBytes();
  }
}
