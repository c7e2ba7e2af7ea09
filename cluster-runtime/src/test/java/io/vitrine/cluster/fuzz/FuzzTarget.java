package io.vitrine.cluster.fuzz;

import java.util.List;

/**
 * One reader of foreign bytes. It knows which exceptions the reader declares and catches those;
 * whatever else leaves {@link #run} is a finding. One thread at a time.
 */
public interface FuzzTarget {

  /**
   * Lets the reader read, and checks what it made of it.
   *
   * @param input any bytes
   */
  void run(byte[] input) throws Exception;

  /** Inputs the reader understands, for the fuzzer to begin with. */
  List<byte[]> seeds();

  /**
   * What reading may allocate in all on the heap of its thread: a multiple of the input over what
   * the surroundings need.
   */
  default long allowedBytes(int inputBytes) {
    return (4L << 20) + 1024L * inputBytes;
  }
}
