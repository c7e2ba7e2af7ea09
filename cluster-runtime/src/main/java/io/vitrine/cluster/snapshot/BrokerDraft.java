package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.BrokerFailed;
import io.vitrine.cluster.event.ClusterEvent.BrokerKilled;
import io.vitrine.cluster.event.ClusterEvent.BrokerRegistered;
import io.vitrine.cluster.event.ClusterEvent.BrokerServing;
import io.vitrine.cluster.event.ClusterEvent.DirectorySample;
import io.vitrine.cluster.event.ClusterEvent.IdSource;
import io.vitrine.cluster.event.ClusterEvent.LogDirectoryFailed;
import io.vitrine.cluster.event.ClusterEvent.PipelineSampled;
import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.event.ClusterEvent.SessionEstablished;
import io.vitrine.cluster.event.ClusterEvent.StageSample;
import io.vitrine.cluster.event.ClusterEvent.StorageSample;
import java.util.List;

/** A broker while events are folded in. Owned by its {@link SnapshotProjector}. */
final class BrokerDraft {
  private final int id;
  private BrokerState state = BrokerState.STOPPED;
  private long brokerEpoch = -1;
  private boolean registered;
  private String host = "";
  private int port;
  private String rack = "";
  private IdSource idSource;
  private SessionView session = SessionView.none();
  private int remainingLeaders = -1;
  private String failure = "";
  private RequestSample requests = RequestSample.empty();
  private StorageSample storage = new StorageSample(List.of());
  private long sampledNanos;
  private final RateWindow rates;
  private final ApiTimes apiTimes;
  private PipelineSampled threads = PipelineSampled.nothing();

  BrokerDraft(int id) {
    this.id = id;
    this.rates = new RateWindow();
    this.apiTimes = new ApiTimes();
  }

  private BrokerDraft(BrokerDraft other) {
    id = other.id;
    state = other.state;
    brokerEpoch = other.brokerEpoch;
    registered = other.registered;
    host = other.host;
    port = other.port;
    rack = other.rack;
    idSource = other.idSource;
    session = other.session;
    remainingLeaders = other.remainingLeaders;
    failure = other.failure;
    requests = other.requests;
    storage = other.storage;
    sampledNanos = other.sampledNanos;
    rates = other.rates.copy();
    apiTimes = other.apiTimes.copy();
    threads = other.threads;
  }

  BrokerDraft copy() {
    return new BrokerDraft(this);
  }

  BrokerState state() {
    return state;
  }

  SessionView session() {
    return session;
  }

  /** Whether the broker's own reports may be believed. */
  boolean running() {
    return state == BrokerState.STARTING
        || state == BrokerState.SERVING
        || state == BrokerState.STOPPING;
  }

  void starting() {
    state = BrokerState.STARTING;
    failure = "";
    remainingLeaders = -1;
    clearRates();
  }

  void registered(BrokerRegistered event) {
    brokerEpoch = event.brokerEpoch();
    registered = true;
    host = event.host();
    port = event.port();
    rack = event.rack() == null ? "" : event.rack();
    idSource = event.idSource();
  }

  void serving(BrokerServing event) {
    state = BrokerState.SERVING;
    host = event.host();
    port = event.port();
  }

  void stopping() {
    state = BrokerState.STOPPING;
  }

  void remaining(int leaders) {
    remainingLeaders = leaders;
  }

  void stopped() {
    end(BrokerState.STOPPED);
  }

  void killed(BrokerKilled event, long nanos) {
    end(BrokerState.KILLED);
    if (event.sessionId() != 0) {
      session =
          new SessionView(
              event.sessionId(), SessionView.State.RUNNING_OUT, nanos, event.sessionTimeoutMs());
    }
  }

  void failed(BrokerFailed event) {
    end(BrokerState.FAILED);
    failure = event.reason();
  }

  void directoryFailed(LogDirectoryFailed event) {
    failure = event.directory() + ": " + event.reason();
    storage =
        new StorageSample(
            storage.directories().stream()
                .map(
                    d ->
                        d.path().equals(event.directory())
                            ? new DirectorySample(
                                d.path(), false, d.partitions(), d.sizeBytes(), d.freeBytes())
                            : d)
                .toList());
  }

  void sessionEstablished(SessionEstablished event, long nanos) {
    session =
        new SessionView(event.sessionId(), SessionView.State.CONNECTED, nanos, event.timeoutMs());
  }

  /** Changes the session's state; news of a session that is not the current one are old. */
  void session(long sessionId, SessionView.State next, long nanos) {
    if (session.id() != sessionId) {
      return;
    }
    session = new SessionView(sessionId, next, nanos, session.timeoutMs());
    if (!session.alive()) {
      unregistered();
    }
  }

  /** The controller saw the registration. */
  void seen() {
    registered = true;
  }

  /** The registration is gone; of a session that was running out nothing is left either. */
  void gone(long nanos) {
    unregistered();
    if (session.state() == SessionView.State.RUNNING_OUT) {
      session =
          new SessionView(session.id(), SessionView.State.EXPIRED, nanos, session.timeoutMs());
    }
  }

  void sampled(RequestSample requestSample, StorageSample storageSample, long nanos) {
    requests = requestSample;
    storage = storageSample;
    sampledNanos = nanos;
    long count = requestSample.stages().values().stream().mapToLong(StageSample::count).sum();
    rates.add(
        nanos,
        requestSample.bytesIn(),
        requestSample.bytesOut(),
        requestSample.recordsIn(),
        count,
        requestSample.zeroCopyBytesOut());
    apiTimes.add(nanos, requestSample.stages());
  }

  void sampled(PipelineSampled sample) {
    threads = sample;
  }

  BrokerView view() {
    return new BrokerView(
        id,
        state,
        brokerEpoch,
        registered,
        host,
        port,
        rack,
        idSource,
        session,
        remainingLeaders,
        failure,
        requests,
        new RateView(
            rates.perSecond(0),
            rates.perSecond(1),
            rates.perSecond(2),
            rates.perSecond(3),
            rates.perSecond(4)),
        storage,
        new PipelineView(threads, apiTimes.view()),
        sampledNanos);
  }

  private void end(BrokerState how) {
    state = how;
    remainingLeaders = -1;
    requests = RequestSample.empty();
    threads = PipelineSampled.nothing();
    clearRates();
  }

  private void clearRates() {
    rates.clear();
    apiTimes.clear();
  }

  private void unregistered() {
    registered = false;
    brokerEpoch = -1;
  }
}
