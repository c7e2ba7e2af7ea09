package io.vitrine.cluster.wire;

import java.util.List;

/**
 * One request and what became of it, as far as is known.
 *
 * @param id numbers exchanges in the order requests arrived, from 1
 * @param brokerId the broker that was asked
 * @param wallMs when the request had arrived, for showing
 * @param api Kafka's name, such as {@code Fetch}
 * @param version of the API
 * @param clientId what the client calls itself, empty when it told nothing
 * @param client its address
 * @param connectionId Kafka's form: local host:port-remote host:port-index
 * @param principal who it is to the broker
 * @param software name and version of the client's library
 * @param request the request
 * @param state how far it is
 * @param answer the answer; empty before it is given, and where none is expected
 * @param errors names of the errors in the answer, each once, sorted
 * @param times zero before the exchange is over
 */
public record WireExchange(
    long id,
    int brokerId,
    long wallMs,
    String api,
    int version,
    int correlationId,
    String clientId,
    String client,
    String connectionId,
    String listener,
    String principal,
    String software,
    WireFrame request,
    State state,
    WireFrame answer,
    List<String> errors,
    WireTimes times) {
  public WireExchange {
    errors = List.copyOf(errors);
  }

  /** How far an exchange is. */
  public enum State {
    /** In a queue, in its handler, or waiting in a purgatory. */
    UNDER_WAY,
    /** Its answer is on the way to the socket. */
    ANSWERED,
    /** The answer is written. */
    OVER,
    /** It is over and had no answer: none was expected, or the connection was closed instead. */
    WITHOUT_ANSWER,
    /** The connection broke before the answer was written. */
    LOST
  }

  /** Whether an answer was given. */
  public boolean answered() {
    return answer.sizeBytes() > 0;
  }

  WireExchange withId(long next) {
    return new WireExchange(
        next,
        brokerId,
        wallMs,
        api,
        version,
        correlationId,
        clientId,
        client,
        connectionId,
        listener,
        principal,
        software,
        request,
        state,
        answer,
        errors,
        times);
  }

  /** The same with its answer. */
  public WireExchange answeredWith(WireFrame given, List<String> found) {
    return new WireExchange(
        id,
        brokerId,
        wallMs,
        api,
        version,
        correlationId,
        clientId,
        client,
        connectionId,
        listener,
        principal,
        software,
        request,
        State.ANSWERED,
        given,
        found,
        times);
  }

  /** The same at its end. */
  public WireExchange ended(State how, WireTimes taken) {
    return new WireExchange(
        id,
        brokerId,
        wallMs,
        api,
        version,
        correlationId,
        clientId,
        client,
        connectionId,
        listener,
        principal,
        software,
        request,
        how,
        answer,
        errors,
        taken);
  }

  WireExchange withoutBytes() {
    return new WireExchange(
        id,
        brokerId,
        wallMs,
        api,
        version,
        correlationId,
        clientId,
        client,
        connectionId,
        listener,
        principal,
        software,
        request.withoutBytes(),
        state,
        answer.withoutBytes(),
        errors,
        times);
  }

  long keptBytes() {
    return (long) request.head().length + answer.head().length;
  }
}
