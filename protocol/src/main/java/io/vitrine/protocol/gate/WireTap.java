package io.vitrine.protocol.gate;

/**
 * Hears of every request that a server receives, and of what becomes of it.
 *
 * <p>Asked once a request whether anybody watches; while nobody does, that is all it costs. Safe
 * from any thread, and never blocks.
 */
public interface WireTap {
  /** Nobody watches, ever. */
  WireTap CLOSED =
      new WireTap() {
        @Override
        public boolean isOpen() {
          return false;
        }

        @Override
        public int headBytes() {
          return 0;
        }

        @Override
        public TappedRequest received(ReceivedFrame frame) {
          throw new IllegalStateException("nobody watches");
        }
      };

  /** Whether requests received from now on are watched; one that is begun is watched to its end. */
  boolean isOpen();

  /** How many bytes of a message are copied at most, from its beginning. */
  int headBytes();

  /** A request has arrived whole; called on its network thread, before anybody serves it. */
  TappedRequest received(ReceivedFrame frame);
}
