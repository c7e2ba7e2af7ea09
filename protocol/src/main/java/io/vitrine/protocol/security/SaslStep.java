package io.vitrine.protocol.security;

import java.nio.ByteBuffer;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** What a frame brought a SASL exchange to. */
sealed interface SaslStep {

  /** What goes back to the client: an answer to a request, a bare token, or nothing. */
  sealed interface Answer {}

  /** An answer to a Kafka request, in its version. */
  record Response(RequestHeader request, AbstractResponse response) implements Answer {}

  /** A token without any header, as clients of SaslHandshake version 0 speak. */
  record Token(ByteBuffer bytes) implements Answer {}

  /** Nothing is sent. */
  record Nothing() implements Answer {}

  /** The frame is an ordinary request, to be served as such. */
  record PassOn() implements SaslStep {}

  /** The exchange goes on with the client's next frame. */
  record Continue(Answer answer) implements SaslStep {}

  /** It is known who the client is. */
  record Complete(Answer answer, KafkaPrincipal principal) implements SaslStep {}

  /**
   * The client is not who it says, or does not keep to the rules.
   *
   * @param answer told after the failed-authentication delay
   * @param reason for the log
   */
  record Refused(Answer answer, String reason) implements SaslStep {}
}
