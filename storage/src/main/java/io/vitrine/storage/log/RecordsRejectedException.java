package io.vitrine.storage.log;

import java.util.List;
import org.apache.kafka.common.errors.ApiException;

/**
 * A batch is refused for single records in it.
 *
 * <p>Source: KIP-467.
 */
public final class RecordsRejectedException extends ApiException {
  private static final long serialVersionUID = 1L;

  private final ApiException reason;
  private final transient List<RejectedRecord> records;

  /**
   * One record at fault.
   *
   * @param index within its batch
   */
  public record RejectedRecord(int index, String message) {}

  RecordsRejectedException(ApiException reason, List<RejectedRecord> records) {
    super(reason.getMessage(), reason);
    this.reason = reason;
    this.records = List.copyOf(records);
  }

  /** The error of the batch as a whole. */
  public ApiException reason() {
    return reason;
  }

  /** Which records, and why. */
  public List<RejectedRecord> records() {
    return records;
  }
}
