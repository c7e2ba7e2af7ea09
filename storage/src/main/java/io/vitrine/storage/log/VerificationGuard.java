package io.vitrine.storage.log;

/**
 * What an append of transactional records shows for it that the transaction's coordinator was asked
 * whether they belong to it. Source: KIP-890.
 *
 * <p>A guard is good until the producer's next transactional batch or marker is appended: an answer
 * that an abort has overtaken opens nothing. Compared by identity.
 */
public final class VerificationGuard {
  /** The broker does not verify; every append passes. */
  public static final VerificationGuard NOT_REQUIRED = new VerificationGuard();

  /** Nobody was asked: only a transaction that is open in the log goes on. */
  public static final VerificationGuard NONE = new VerificationGuard();

  VerificationGuard() {}
}
