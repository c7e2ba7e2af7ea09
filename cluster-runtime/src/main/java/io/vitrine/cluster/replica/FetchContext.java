package io.vitrine.cluster.replica;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/** One fetch with or without its session: what it asks for in all, and how it is answered. */
public sealed interface FetchContext {

  /** Every partition asked for, in the order of reading. */
  List<FetchItem> items();

  /**
   * The answer.
   *
   * @param found of every partition of {@link #items()}; what goes out is taken from it
   * @param nodes leaders named in it (v16)
   */
  FetchResponse answer(LinkedHashMap<TopicIdPartition, PartitionData> found, List<Node> nodes);

  /**
   * What of it would be sent, without sending it.
   *
   * @param found as for {@link #answer}
   */
  default Map<TopicIdPartition, PartitionData> news(
      LinkedHashMap<TopicIdPartition, PartitionData> found) {
    return found;
  }

  /** The answer to a client that is held back: nothing was found, and the session does not move. */
  default FetchResponse throttled(int throttleMs) {
    return FetchResponse.of(
        Errors.NONE, throttleMs, FetchMetadata.INVALID_SESSION_ID, new LinkedHashMap<>());
  }

  private static FetchResponse response(
      Errors error,
      int sessionId,
      LinkedHashMap<TopicIdPartition, PartitionData> found,
      List<Node> nodes) {
    return FetchResponse.of(error, 0, sessionId, found, nodes);
  }

  private static List<FetchItem> items(Map<TopicIdPartition, FetchRequest.PartitionData> asked) {
    List<FetchItem> items = new ArrayList<>(asked.size());
    asked.forEach((id, data) -> items.add(new FetchItem(id, data)));
    return items;
  }

  /** The fetch does not fit its session. */
  record Refused(Errors error) implements FetchContext {
    @Override
    public List<FetchItem> items() {
      return List.of();
    }

    @Override
    public FetchResponse answer(
        LinkedHashMap<TopicIdPartition, PartitionData> found, List<Node> nodes) {
      return response(error, FetchMetadata.INVALID_SESSION_ID, new LinkedHashMap<>(), List.of());
    }

    @Override
    public Map<TopicIdPartition, PartitionData> news(
        LinkedHashMap<TopicIdPartition, PartitionData> found) {
      return Map.of();
    }
  }

  /** A full fetch that wants no session. */
  record Sessionless(Map<TopicIdPartition, FetchRequest.PartitionData> asked)
      implements FetchContext {
    @Override
    public List<FetchItem> items() {
      return FetchContext.items(asked);
    }

    @Override
    public FetchResponse answer(
        LinkedHashMap<TopicIdPartition, PartitionData> found, List<Node> nodes) {
      return response(Errors.NONE, FetchMetadata.INVALID_SESSION_ID, found, nodes);
    }
  }

  /** A full fetch that gets a session if there is room. */
  record Full(
      FetchSessions sessions,
      Map<TopicIdPartition, FetchRequest.PartitionData> asked,
      boolean usesTopicIds,
      boolean fromFollower)
      implements FetchContext {
    @Override
    public List<FetchItem> items() {
      return FetchContext.items(asked);
    }

    @Override
    public FetchResponse answer(
        LinkedHashMap<TopicIdPartition, PartitionData> found, List<Node> nodes) {
      int id = sessions.begin(fromFollower, usesTopicIds, asked, found);
      return response(Errors.NONE, id, found, nodes);
    }
  }

  /** A fetch that names only what changed. */
  record Incremental(FetchSession session, int requestEpoch, Map<Uuid, String> topicNames)
      implements FetchContext {
    @Override
    public List<FetchItem> items() {
      return session.items(topicNames);
    }

    @Override
    public FetchResponse answer(
        LinkedHashMap<TopicIdPartition, PartitionData> found, List<Node> nodes) {
      return session
          .tell(requestEpoch, found)
          .map(news -> response(Errors.NONE, session.id(), news, nodes))
          .orElseGet(
              () ->
                  response(
                      Errors.INVALID_FETCH_SESSION_EPOCH,
                      session.id(),
                      new LinkedHashMap<>(),
                      List.of()));
    }

    @Override
    public Map<TopicIdPartition, PartitionData> news(
        LinkedHashMap<TopicIdPartition, PartitionData> found) {
      return session.news(requestEpoch, found);
    }

    @Override
    public FetchResponse throttled(int throttleMs) {
      Errors error = session.isAt(requestEpoch) ? Errors.NONE : Errors.INVALID_FETCH_SESSION_EPOCH;
      return FetchResponse.of(error, throttleMs, session.id(), new LinkedHashMap<>());
    }
  }
}
