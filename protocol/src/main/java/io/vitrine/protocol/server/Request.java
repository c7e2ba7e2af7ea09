package io.vitrine.protocol.server;

import io.netty.buffer.ByteBuf;
import io.vitrine.protocol.codec.EncodedMessage;
import io.vitrine.protocol.codec.FileSlice;
import io.vitrine.protocol.codec.ParsedRequest;
import io.vitrine.protocol.codec.RequestParser;
import io.vitrine.protocol.gate.TappedRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through the server. Exactly one of {@link #respond}, {@link
 * #finishWithoutResponse} and {@link #closeConnection} ends it; only then is the connection read
 * again.
 *
 * <p>Owns the frame's buffer while the body views it (records of Produce do): it goes back with the
 * end, or earlier with {@link #parked}. Stamps are of the server's monotonic clock. Safe for use by
 * one thread after another; the end may come from any thread.
 */
public final class Request {
  private static final Logger LOG = LoggerFactory.getLogger(Request.class);
  private static final AtomicIntegerFieldUpdater<Request> ENDED =
      AtomicIntegerFieldUpdater.newUpdater(Request.class, "ended");
  private static final AtomicReferenceFieldUpdater<Request, ByteBuf> FRAME =
      AtomicReferenceFieldUpdater.newUpdater(Request.class, ByteBuf.class, "frame");
  private static final long UNSET = Long.MIN_VALUE;

  private final Connection connection;
  private final RequestHeader header;
  private final AbstractRequest body;
  private final ConnectionInfo info;
  private final int sizeBytes;
  private final long receivedNanos;

  /** Null when nobody watches it. */
  private final TappedRequest tapped;

  private volatile ByteBuf frame;
  private volatile int ended;

  private volatile long dequeuedNanos = UNSET;
  private volatile long localEndNanos = UNSET;
  private volatile long endNanos = UNSET;
  private volatile int throttleMs;
  private volatile boolean throttleDecided;
  private volatile long throttledUntilNanos;
  private volatile Runnable throttleEnded = () -> {};
  private long networkNanos;

  /**
   * Takes over the reference to the frame.
   *
   * @param tapped null when nobody watches it
   */
  Request(
      Connection connection,
      ConnectionInfo info,
      ParsedRequest parsed,
      ByteBuf frame,
      int sizeBytes,
      long receivedNanos,
      TappedRequest tapped) {
    this.connection = connection;
    this.info = info;
    this.header = parsed.header();
    this.body = parsed.body();
    this.sizeBytes = sizeBytes;
    this.receivedNanos = receivedNanos;
    this.tapped = tapped;
    this.frame = frame;
    if (!parsed.viewsFrame()) {
      releaseFrame();
    }
  }

  public RequestHeader header() {
    return header;
  }

  public ApiKeys apiKey() {
    return header.apiKey();
  }

  public short apiVersion() {
    return header.apiVersion();
  }

  public AbstractRequest body() {
    return body;
  }

  /** The body as its API's class; a {@link ClassCastException} when it is another. */
  public <T extends AbstractRequest> T body(Class<T> type) {
    return type.cast(body);
  }

  public ConnectionInfo connection() {
    return info;
  }

  /** When the frame's last byte had arrived. */
  public long receivedNanos() {
    return receivedNanos;
  }

  /**
   * Holds the client back: from now on for so long, nothing more is read from its connection. The
   * answer does not wait. To be called before the end or by {@link RequestHandler#answering}; of
   * several calls the last counts.
   *
   * @param ended run on the network thread when the time is over
   */
  public void throttle(int timeMs, Runnable ended) {
    throttledUntilNanos = connection.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeMs);
    throttleEnded = ended;
    throttleMs = timeMs;
    throttleDecided = true;
  }

  /** For how long the client is held back, as far as decided. */
  public int throttleMs() {
    return throttleMs;
  }

  /** Whether {@link #throttle} was called, be it for no time at all. */
  public boolean isThrottleDecided() {
    return throttleDecided;
  }

  /** Of the frame, without its size field. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /**
   * How long an I/O thread worked on this request: its local time, which ends now if it has not
   * ended before.
   */
  public long threadNanos() {
    markLocalEnd(connection.nanoTime());
    long dequeued = dequeuedNanos;
    return dequeued == UNSET ? 0 : Math.max(0, localEndNanos - dequeued);
  }

  /**
   * Answers, in the request's version. File slices in the response now belong to the server. For a
   * response that cannot be encoded, such as one with a text too long for its field, goes the API's
   * error response; where that cannot be encoded either the connection is closed.
   *
   * @throws IllegalStateException when the request has ended before
   */
  public void respond(AbstractResponse response) {
    end();
    connection.answering(this, response);
    EncodedMessage encoded = null;
    if (connection.isOpen()) {
      encoded = encodedOrError(response);
    } else {
      FileSlice.releaseAll(response);
    }
    releaseFrame();
    if (encoded != null) {
      connection.answer(this, encoded);
    } else {
      connection.answerByClosing(this);
    }
  }

  /** Null when not even the error can be encoded. */
  private EncodedMessage encodedOrError(AbstractResponse response) {
    try {
      return encoded(response);
    } catch (RuntimeException e) {
      LOG.error("{} cannot encode the answer to {}", info.connectionId(), header, e);
      return encodedError(e);
    } catch (Error e) {
      LOG.error("{} cannot encode the answer to {}", info.connectionId(), header, e);
      return null;
    }
  }

  private EncodedMessage encodedError(RuntimeException cause) {
    try {
      AbstractResponse error = body.getErrorResponse(throttleMs, cause);
      return error == null ? null : encoded(error);
    } catch (RuntimeException | Error e) {
      LOG.error("{} cannot encode an error for {}", info.connectionId(), header, e);
      return null;
    }
  }

  private EncodedMessage encoded(AbstractResponse response) {
    return connection.encode(this, response, RequestParser.responseVersion(header, body));
  }

  /** Ends a request that expects no answer (acks=0). */
  public void finishWithoutResponse() {
    end();
    connection.answering(this, null);
    releaseFrame();
    connection.answerWithNothing(this);
  }

  /** Ends a request that cannot be answered by closing its connection (acks=0 with an error). */
  public void closeConnection() {
    end();
    releaseFrame();
    connection.answerByClosing(this);
  }

  /**
   * Tells that the request now waits in a purgatory: its local time ends here, its remote time
   * begins. The frame's buffer goes back now, so <b>record bytes of the body must not be read any
   * more</b>; everything else of the body stays.
   */
  public void parked() {
    markLocalEnd(connection.nanoTime());
    releaseFrame();
  }

  @Override
  public String toString() {
    return "Request(" + header + " from " + info.connectionId() + ")";
  }

  /** Null when nobody watches it. */
  TappedRequest tapped() {
    return tapped;
  }

  void dequeued(long nanos) {
    dequeuedNanos = nanos;
  }

  void handlerReturned(long nanos) {
    markLocalEnd(nanos);
  }

  /** Counts time of the network thread, which alone calls this. */
  void addNetworkNanos(long nanos) {
    networkNanos += nanos;
  }

  /** For how long from this moment the connection must not be read; 0 or less when it may be. */
  long throttledForNanos(long nowNanos) {
    return throttleMs == 0 ? 0 : throttledUntilNanos - nowNanos;
  }

  /** On the network thread. */
  void throttlingEnded() {
    if (throttleMs > 0) {
      throttleEnded.run();
    }
  }

  /**
   * The handler threw: the API's error response, or no connection where there is none. An error the
   * protocol has a code for is the client's to hear; any other is a fault of ours.
   */
  void failed(Throwable e) {
    if (Errors.forException(e) == Errors.UNKNOWN_SERVER_ERROR) {
      LOG.error("{} handler of {} failed", info.connectionId(), header, e);
    } else {
      LOG.debug("{} {} is refused", info.connectionId(), header, e);
    }
    if (ended != 0) {
      return;
    }
    AbstractResponse response = null;
    try {
      response = body.getErrorResponse(0, e);
    } catch (RuntimeException unexpressible) {
      LOG.error("{} no error response for {}", info.connectionId(), header, unexpressible);
    }
    try {
      if (response != null) {
        respond(response);
      } else {
        closeConnection();
      }
    } catch (IllegalStateException answeredMeanwhile) {
      LOG.debug("{} answered by another thread: {}", info.connectionId(), header);
    }
  }

  /** The server ends and nobody will serve this request. */
  void abandon() {
    ENDED.set(this, 1);
    releaseFrame();
  }

  /** What the end of this request tells about it; times of stages it did not reach are 0. */
  RequestTimes times(long sendStartNanos, long sendEndNanos, EncodedMessage sent) {
    long dequeued = dequeuedNanos == UNSET ? receivedNanos : dequeuedNanos;
    // The end may overtake the handler's return: what follows it was not waiting for anything.
    long localEnd = localEndNanos == UNSET ? endNanos : Math.min(localEndNanos, endNanos);
    return new RequestTimes(
        apiKey(),
        apiVersion(),
        dequeued - receivedNanos,
        localEnd - dequeued,
        endNanos - localEnd,
        TimeUnit.MILLISECONDS.toNanos(throttleMs),
        sendStartNanos - endNanos,
        sendEndNanos - sendStartNanos,
        sendEndNanos - receivedNanos,
        networkNanos,
        sizeBytes,
        sent == null ? 0 : sent.sizeBytes(),
        sent == null ? 0 : sent.zeroCopyBytes());
  }

  private void end() {
    if (!ENDED.compareAndSet(this, 0, 1)) {
      throw new IllegalStateException("ended before: " + this);
    }
    endNanos = connection.nanoTime();
  }

  private void markLocalEnd(long nanos) {
    if (localEndNanos == UNSET) {
      localEndNanos = nanos;
    }
  }

  private void releaseFrame() {
    ByteBuf held = FRAME.getAndSet(this, null);
    if (held != null) {
      held.release();
      connection.frameReleased();
    }
  }
}
