package io.vitrine.cluster.zookeeper;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.security.token.delegation.TokenInformation;

/**
 * Delegation tokens as Kafka keeps them: a node each below {@code /delegation_token/tokens}, and
 * the ids of those that changed below {@code /delegation_token/token_changes}. Waits for ZooKeeper:
 * to be called where that may be.
 */
public final class TokenStore {
  private static final String TOKENS = "/delegation_token/tokens";
  private static final String CHANGES = "/delegation_token/token_changes";
  private static final String CHANGE = CHANGES + "/token_change_";

  private final ZooKeeperSession session;

  public TokenStore(ZooKeeperSession session) {
    this.session = session;
  }

  /** Makes the persistent nodes that are missing. */
  public void ensurePaths() {
    Nodes.ensure(session, CHANGES, null);
    Nodes.ensure(session, TOKENS, null);
  }

  /** Of all tokens there are. */
  public List<String> ids() {
    return Waiting.on(session.children(TOKENS)).orElse(List.of());
  }

  /**
   * A token; empty when there is none of this id.
   *
   * @throws IllegalArgumentException when its node is not what this version knows
   */
  public Optional<TokenInformation> read(String id) {
    String path = path(id);
    return Waiting.on(session.get(path))
        .filter(node -> node.data().length > 0)
        .map(node -> TokenNode.decode(path, node.data()));
  }

  /** Makes a token or replaces what is known of it, whatever it was before. */
  public void write(TokenInformation token) {
    String path = path(token.tokenId());
    byte[] data = TokenNode.encode(token);
    try {
      Waiting.on(session.set(path, data, -1));
    } catch (ZkException e) {
      if (e.code() != ZkException.Code.NO_NODE) {
        throw e;
      }
      Waiting.on(session.create(path, data, CreateMode.PERSISTENT));
    }
  }

  /** Takes a token away; one that is gone already is as good. */
  public void delete(String id) {
    try {
      Waiting.on(session.delete(path(id), -1));
    } catch (ZkException e) {
      if (e.code() != ZkException.Code.NO_NODE) {
        throw e;
      }
    }
  }

  /** Tells all brokers to read a token again. */
  public void announce(String id) {
    Waiting.on(
        session.create(
            CHANGE, id.getBytes(StandardCharsets.UTF_8), CreateMode.PERSISTENT_SEQUENTIAL));
  }

  /** What hears of changes, told the token's id; not started yet. */
  public ChangeNotifications changes(
      Executor executor, InstantSource clock, Consumer<String> handler) {
    return new ChangeNotifications(
        session,
        CHANGES,
        executor,
        clock,
        data -> handler.accept(new String(data, StandardCharsets.UTF_8)));
  }

  private static String path(String id) {
    return TOKENS + "/" + id;
  }
}
