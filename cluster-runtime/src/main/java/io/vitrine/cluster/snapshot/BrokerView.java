package io.vitrine.cluster.snapshot;

import io.vitrine.cluster.event.ClusterEvent.IdSource;
import io.vitrine.cluster.event.ClusterEvent.RequestSample;
import io.vitrine.cluster.event.ClusterEvent.StorageSample;

/**
 * One broker.
 *
 * @param brokerEpoch czxid of its registration, -1 while it has none
 * @param registered whether {@code /brokers/ids/<id>} is there, as the controller saw it last
 * @param host advertised host, empty when unknown
 * @param port advertised port, 0 when unknown
 * @param rack rack, empty when none
 * @param idSource where the id came from, null until registered
 * @param remainingLeaders partitions still led during controlled shutdown, else -1
 * @param failure what went wrong and what to do, empty when nothing
 * @param requests the last sample of the request pipeline
 * @param rates per second over the last ticks
 * @param storage the last sample of the log directories
 * @param pipeline what its threads are at, and where the time of requests goes
 * @param sampledNanos when the samples were taken, 0 never
 */
public record BrokerView(
    int id,
    BrokerState state,
    long brokerEpoch,
    boolean registered,
    String host,
    int port,
    String rack,
    IdSource idSource,
    SessionView session,
    int remainingLeaders,
    String failure,
    RequestSample requests,
    RateView rates,
    StorageSample storage,
    PipelineView pipeline,
    long sampledNanos) {}
