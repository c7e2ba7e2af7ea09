package io.vitrine.cluster.simulation;

import io.vitrine.cluster.simulation.World.Place;
import io.vitrine.protocol.client.NodeClient;
import io.vitrine.protocol.client.NodeClients;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Connections between nodes: messages are bytes, in order within a connection and in any order
 * between two, late, lost with their connection, or stuck while a link is cut.
 *
 * <p>A node's port is its id. A server works on one request of a connection at a time.
 */
final class SimulatedNetwork {
  private static final int CONNECTION_REFUSED_MS = 2;

  private final World world;
  private final Map<Integer, Server> servers = new HashMap<>();
  private final Set<Integer> cut = new HashSet<>();
  private final List<Client> clients = new ArrayList<>();

  /** What a node does with requests. */
  interface Server extends Place {
    void handle(
        ApiKeys api, short version, AbstractRequest request, Consumer<AbstractResponse> respond);
  }

  SimulatedNetwork(World world) {
    this.world = world;
  }

  void listen(int id, Server server) {
    servers.put(id, server);
  }

  /** Cuts a node off the others, or joins it again. Clients outside reach every node. */
  void cut(int id, boolean off) {
    if (off) {
      cut.add(id);
    } else {
      cut.remove(id);
    }
  }

  boolean isCut(int id) {
    return cut.contains(id);
  }

  /** Drops all connections of a node: it was killed, or somebody pulled the plug for a moment. */
  void drop(int id) {
    for (Client client : List.copyOf(clients)) {
      if (client.to == id || client.from == id) {
        client.drop("the connection was reset");
      }
    }
  }

  /**
   * The connections of a node.
   *
   * @param from its id; -1 for somebody outside
   */
  NodeClients clientsOf(int from, Place place, int timeoutMs) {
    return new NodeClients() {
      private final List<Client> own = new ArrayList<>();

      @Override
      public NodeClient connectTo(String host, int port, String purpose) {
        Client client = new Client(from, place, port, timeoutMs);
        own.add(client);
        clients.add(client);
        return client;
      }

      @Override
      public void close() {
        own.forEach(Client::close);
      }

      @Override
      public void kill() {
        close();
      }
    };
  }

  private final class Client implements NodeClient {
    private final int from;
    private final Place place;
    private final int to;
    private final int timeoutMs;
    private Connection connection;
    private boolean closed;

    Client(int from, Place place, int to, int timeoutMs) {
      this.from = from;
      this.place = place;
      this.to = to;
      this.timeoutMs = timeoutMs;
    }

    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version) {
      return send(builder, version, Duration.ofMillis(timeoutMs));
    }

    @Override
    public CompletableFuture<AbstractResponse> send(
        AbstractRequest.Builder<?> builder, short version, Duration timeout) {
      CompletableFuture<AbstractResponse> answer = new CompletableFuture<>();
      if (closed) {
        answer.completeExceptionally(new DisconnectException("closed"));
        return answer;
      }
      AbstractRequest request = builder.build(version);
      ByteBuffer bytes = MessageUtil.toByteBuffer(request.data(), version);
      Server server = servers.get(to);
      if (connection == null && (server == null || server.dead())) {
        world.schedule(
            place,
            CONNECTION_REFUSED_MS,
            () -> answer.completeExceptionally(new DisconnectException("refused by " + to)));
        return answer;
      }
      if (connection == null) {
        connection = new Connection(this, server);
      }
      connection.send(builder.apiKey(), version, bytes, answer, timeout.toMillis());
      return answer;
    }

    @Override
    public void disconnect() {
      drop("disconnected");
    }

    void drop(String why) {
      if (connection != null) {
        connection.drop(why);
        connection = null;
      }
    }

    @Override
    public void close() {
      closed = true;
      drop("closed");
      clients.remove(this);
    }
  }

  /** One TCP connection. */
  private final class Connection {
    private final Client client;
    private final Server server;
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private final Set<CompletableFuture<AbstractResponse>> open = new LinkedHashSet<>();
    private boolean busy;
    private boolean broken;
    private long lastArrivalMs;
    private long lastAnswerMs;

    private record Message(
        ApiKeys api, short version, ByteBuffer bytes, CompletableFuture<AbstractResponse> answer) {}

    Connection(Client client, Server server) {
      this.client = client;
      this.server = server;
    }

    void send(
        ApiKeys api,
        short version,
        ByteBuffer bytes,
        CompletableFuture<AbstractResponse> answer,
        long timeoutMs) {
      open.add(answer);
      world.schedule(
          client.place,
          timeoutMs,
          () -> {
            if (open.contains(answer) && !answer.isDone()) {
              answer.completeExceptionally(new TimeoutException("no answer from " + client.to));
              client.drop("a request timed out");
            }
          });
      lastArrivalMs = Math.max(lastArrivalMs, world.nowMs() + delay());
      Message message = new Message(api, version, bytes, answer);
      world.schedule(Place.OUTSIDE, lastArrivalMs - world.nowMs(), () -> travel(message));
    }

    /** A cut link holds messages up until it is joined or the connection is given up. */
    private void travel(Message message) {
      if (cutOff()) {
        if (!broken) {
          world.schedule(Place.OUTSIDE, 20, () -> travel(message));
        }
        return;
      }
      // What is on its way when the connection breaks may arrive all the same.
      if (broken && world.chance(0.5)) {
        return;
      }
      world.schedule(server, 0, () -> arrive(message));
    }

    private void arrive(Message message) {
      waiting.add(message);
      next();
    }

    private void next() {
      if (busy || waiting.isEmpty()) {
        return;
      }
      busy = true;
      Message message = waiting.poll();
      AbstractRequest request =
          AbstractRequest.parseRequest(
                  message.api(), message.version(), message.bytes().duplicate())
              .request;
      server.handle(
          message.api(),
          message.version(),
          request,
          response -> {
            busy = false;
            answer(message, response);
            world.schedule(server, 0, this::next);
          });
    }

    private void answer(Message message, AbstractResponse response) {
      ByteBuffer bytes = MessageUtil.toByteBuffer(response.data(), message.version());
      lastAnswerMs = Math.max(lastAnswerMs, world.nowMs() + delay());
      world.schedule(Place.OUTSIDE, lastAnswerMs - world.nowMs(), () -> travelBack(message, bytes));
    }

    private void travelBack(Message message, ByteBuffer bytes) {
      if (broken) {
        return;
      }
      if (cutOff()) {
        world.schedule(Place.OUTSIDE, 20, () -> travelBack(message, bytes));
        return;
      }
      world.schedule(
          client.place,
          0,
          () -> {
            if (!broken && open.remove(message.answer())) {
              message
                  .answer()
                  .complete(
                      AbstractResponse.parseResponse(message.api(), bytes, message.version()));
            }
          });
    }

    private boolean cutOff() {
      return client.from >= 0
          && client.from != client.to
          && (isCut(client.from) || isCut(client.to));
    }

    private int delay() {
      return world.chance(0.05) ? world.between(1, 60) : world.between(0, 3);
    }

    void drop(String why) {
      broken = true;
      List<CompletableFuture<AbstractResponse>> failed = List.copyOf(open);
      open.clear();
      world.schedule(
          client.place,
          1,
          () -> failed.forEach(f -> f.completeExceptionally(new DisconnectException(why))));
    }
  }
}
