package io.vitrine.storage.log;

/** Who asks for an append. */
public enum Origin {
  /** A producer: validated in full. */
  CLIENT,
  /** A coordinator on this broker, which may write control batches. */
  COORDINATOR,
  /** Another replica: bytes are kept. */
  REPLICATION
}
