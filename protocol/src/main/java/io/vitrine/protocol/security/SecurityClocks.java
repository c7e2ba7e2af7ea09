package io.vitrine.protocol.security;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The clocks credentials and sessions run out by.
 *
 * @param wall what credentials' expiry times are told in
 * @param nanoTime what sessions are measured with
 */
public record SecurityClocks(InstantSource wall, LongSupplier nanoTime) {

  /** This machine's clocks. */
  public static SecurityClocks system() {
    return new SecurityClocks(InstantSource.system(), System::nanoTime);
  }
}
