package io.vitrine.protocol.gate;

import org.apache.kafka.common.requests.AbstractResponse;

/** A request that is watched to its end. Safe from any thread; must not block. */
public interface TappedRequest {

  /**
   * It is answered; called on the answering thread, before the answer is written.
   *
   * @param version the answer's version
   * @param sizeBytes of the frame, with its size field
   * @param head the frame's first bytes, beginning with its size field
   */
  void answered(AbstractResponse response, short version, long sizeBytes, byte[] head);

  /** It is over, with an answer or without one; called on the network thread. */
  void over(StageTimes times);

  /** Its connection broke before the answer was written; called on the network thread. */
  void lost();
}
