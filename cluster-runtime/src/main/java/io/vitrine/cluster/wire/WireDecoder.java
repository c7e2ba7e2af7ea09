package io.vitrine.cluster.wire;

import java.util.List;

/** Takes frames apart. Safe from any thread; some milliseconds for large frames. */
public interface WireDecoder {
  /** Header and body of the request, as far as its bytes are there. */
  List<WireField> request(WireExchange exchange);

  /** Size, header and body of the answer, as far as its bytes are there; empty without one. */
  List<WireField> answer(WireExchange exchange);
}
