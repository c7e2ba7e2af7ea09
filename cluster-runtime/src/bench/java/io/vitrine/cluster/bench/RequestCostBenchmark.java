package io.vitrine.cluster.bench;

import io.vitrine.cluster.jmx.BrokerBeans;
import io.vitrine.cluster.metric.JmxNames;
import io.vitrine.cluster.quota.QuotaWindows;
import io.vitrine.cluster.quota.Quotas;
import io.vitrine.cluster.replica.Traffic;
import io.vitrine.protocol.client.ClientSettings;
import io.vitrine.protocol.client.SocketClients;
import io.vitrine.protocol.security.ClientSecurity;
import io.vitrine.protocol.server.ProtocolServer;
import io.vitrine.protocol.server.Request;
import io.vitrine.protocol.server.RequestTimes;
import io.vitrine.protocol.server.ServerSettings;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to measure a produce and a fetch of one partition, and to hold a client against its
 * limits, beside a broker that does neither. The requests are real ones, taken from a socket once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
@Fork(1)
public class RequestCostBenchmark {
  private static final String TOPIC = "orders";
  private static final int RECORDS_BYTES = 1_000;
  private static final long STAGE_NANOS = 50_000;

  /** Of every kind, so high that nobody is ever held back. */
  private static final String LIMIT = "1000000000000";

  /** Nothing measured, metrics alone, or metrics and limits of one client. */
  @Param({"nothing", "metrics", "metrics and limits"})
  private String measured;

  private ProtocolServer server;
  private int port;
  private SocketClients clients;
  private BrokerBeans beans;
  private Quotas quotas;
  private Traffic traffic;
  private Request produce;
  private Request fetch;
  private ProduceResponse produced;
  private FetchResponse fetched;
  private RequestTimes times;

  @Setup
  public void takeRequests() throws Exception {
    beans = new BrokerBeans(JmxNames.PLAIN, 1, "cluster", System::nanoTime);
    quotas =
        new Quotas(
            Optional.empty(),
            new QuotaWindows(11, 1),
            new QuotaWindows(11, 1),
            beans.sensors(),
            () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    if (measured.equals("metrics and limits")) {
      quotas.configure(
          "clients/bench",
          Map.of(
              "producer_byte_rate", LIMIT,
              "consumer_byte_rate", LIMIT,
              "request_percentage", LIMIT));
    }
    traffic = measured.equals("nothing") ? Traffic.uncounted() : beans.traffic();
    BlockingQueue<Request> taken = new LinkedBlockingQueue<>();
    serve(taken);
    produce =
        take(taken, new ProduceRequest(new ProduceRequestData().setAcks((short) 1), (short) 11));
    fetch = take(taken, new FetchRequest(new FetchRequestData(), (short) 16));
    answers();
  }

  private void serve(BlockingQueue<Request> taken) throws IOException {
    server =
        new ProtocolServer(
            new ServerSettings(
                "PLAINTEXT", "127.0.0.1", 0, 1, 1, 10, 1 << 20, 100, 100, -1, 50, -1, -1, "bench-"),
            ApiKeys::isVersionSupported,
            taken::add,
            (request, over) -> {},
            System::nanoTime);
    clients =
        new SocketClients(
            "bench-",
            1,
            new ClientSettings("bench", 600_000, 600_000, 1 << 20),
            ClientSecurity.plaintext());
    port = server.bind().get(0).getPort();
    server.startAccepting();
  }

  /** It is never answered: each has a connection of its own. */
  private Request take(BlockingQueue<Request> taken, AbstractRequest request) throws Exception {
    AbstractRequest.Builder<AbstractRequest> asItIs =
        new AbstractRequest.Builder<>(request.apiKey()) {
          @Override
          public AbstractRequest build(short version) {
            return request;
          }
        };
    clients.connectTo("127.0.0.1", port, "benchmark").send(asItIs, request.version());
    return taken.take();
  }

  private void answers() {
    TopicProduceResponse topic = new TopicProduceResponse().setName(TOPIC);
    topic.partitionResponses().add(new PartitionProduceResponse());
    ProduceResponseData data = new ProduceResponseData();
    data.responses().add(topic);
    produced = new ProduceResponse(data);
    fetched = new FetchResponse(new FetchResponseData());
    times =
        new RequestTimes(
            ApiKeys.PRODUCE,
            (short) 11,
            STAGE_NANOS,
            STAGE_NANOS,
            STAGE_NANOS,
            0,
            STAGE_NANOS,
            STAGE_NANOS,
            5 * STAGE_NANOS,
            STAGE_NANOS,
            RECORDS_BYTES,
            100,
            0);
  }

  @Benchmark
  public int produce() {
    traffic.produceAsked(TOPIC);
    traffic.appended(TOPIC, 1, RECORDS_BYTES);
    return measure(produce, produced);
  }

  @Benchmark
  public int fetch() {
    traffic.fetchAsked(TOPIC, 1);
    traffic.fetched(TOPIC, RECORDS_BYTES, false);
    return measure(fetch, fetched);
  }

  private int measure(Request request, AbstractResponse response) {
    if (measured.equals("nothing")) {
      return 0;
    }
    // For a produce as well: what is done on its way out costs the same, and counts but once.
    int heldMs = quotas.chargeFetch(request, () -> RECORDS_BYTES);
    beans.answering(request, response);
    beans.completed(request, times);
    quotas.completed(request, times);
    return heldMs;
  }

  @TearDown
  public void close() {
    clients.close();
    server.close();
    beans.close();
  }
}
