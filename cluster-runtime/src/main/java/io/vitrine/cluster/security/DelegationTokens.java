package io.vitrine.cluster.security;

import io.vitrine.cluster.zookeeper.ChangeNotifications;
import io.vitrine.cluster.zookeeper.TokenStore;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.token.delegation.DelegationToken;
import org.apache.kafka.common.security.token.delegation.TokenInformation;
import org.apache.kafka.common.security.token.delegation.internals.DelegationTokenCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delegation tokens of a cluster (KIP-48) as one broker knows them: given, renewed and taken
 * away here or at another broker. A token's password is its id signed with the brokers' common
 * secret, so that no broker needs to be told it; SCRAM clients are checked against it in the cache.
 *
 * <p>One thread, the executor's, changes tokens and takes up what others changed, one after
 * another; the cache may be read from any. A change is in ZooKeeper before it is in force, and in
 * force here before others are told.
 */
public final class DelegationTokens implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DelegationTokens.class);
  private static final String SIGNATURE = "HmacSHA512";
  private static final long NO_TIME = -1;

  private final int brokerId;
  private final TokenSettings settings;
  private final DelegationTokenCache cache;
  private final TokenStore store;
  private final ExecutorService thread;
  private final InstantSource clock;
  private final Supplier<Uuid> ids;
  private final ChangeNotifications changes;

  /**
   * @param cache what SCRAM clients are checked against
   * @param thread runs one task at a time; ended by its owner
   * @param ids a new one for each token
   */
  public DelegationTokens(
      int brokerId,
      TokenSettings settings,
      DelegationTokenCache cache,
      TokenStore store,
      ExecutorService thread,
      InstantSource clock,
      Supplier<Uuid> ids) {
    this.brokerId = brokerId;
    this.settings = settings;
    this.cache = cache;
    this.store = store;
    this.thread = thread;
    this.clock = clock;
    this.ids = ids;
    this.changes = store.changes(thread, clock, this::reload);
  }

  /**
   * What became of a renewal.
   *
   * @param expiryMs until when the token is good; -1 with an error
   */
  public record Outcome(Errors error, long expiryMs) {
    private static Outcome refused(Errors error) {
      return new Outcome(error, NO_TIME);
    }
  }

  /** What becomes of a token somebody shows, at this time. */
  private interface Change {
    Outcome of(TokenInformation token, long nowMs);
  }

  /**
   * Reads all tokens and hears of changes from then on; waits for ZooKeeper.
   *
   * @throws io.vitrine.cluster.zookeeper.ZkException when the session ended: to be tried again
   */
  public void start() {
    store.ensurePaths();
    for (String id : store.ids()) {
      try {
        reload(id);
      } catch (IllegalArgumentException unreadable) {
        LOG.error("broker={} a token cannot be read: {}", brokerId, unreadable.getMessage());
      }
    }
    changes.start();
  }

  /** Hears of changes again on a new session. */
  public void renewed() {
    changes.renewed();
  }

  private void reload(String id) {
    store.read(id).ifPresentOrElse(this::take, () -> cache.removeCache(id));
  }

  private void take(TokenInformation token) {
    DelegationToken signed = signed(token);
    Map<String, ScramCredential> credentials = new HashMap<>();
    for (ScramMechanism mechanism : ScramMechanism.values()) {
      credentials.put(
          mechanism.mechanismName(), credential(mechanism, signed.hmacAsBase64String()));
    }
    cache.updateCache(signed, credentials);
  }

  private static ScramCredential credential(ScramMechanism mechanism, String password) {
    try {
      return new ScramFormatter(mechanism).generateCredential(password, mechanism.minIterations());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM does not know " + mechanism, e);
    }
  }

  private DelegationToken signed(TokenInformation token) {
    try {
      Mac mac = Mac.getInstance(SIGNATURE);
      byte[] key = settings.secretKey().value().getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(key, SIGNATURE));
      return new DelegationToken(
          token, mac.doFinal(token.tokenId().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM does not know " + SIGNATURE, e);
    }
  }

  /**
   * Gives a token.
   *
   * @param renewers who may renew it and take it away beside its owner
   * @param maxLifetimeMs the longest it is to live; 0 or less for as long as the broker allows
   * @return fails as ZooKeeper does
   */
  public CompletableFuture<DelegationToken> create(
      KafkaPrincipal owner,
      KafkaPrincipal requester,
      List<KafkaPrincipal> renewers,
      long maxLifetimeMs) {
    return onThread(
        () -> {
          long nowMs = clock.millis();
          long maxMs =
              nowMs
                  + (maxLifetimeMs <= 0
                      ? settings.maxLifetimeMs()
                      : Math.min(maxLifetimeMs, settings.maxLifetimeMs()));
          TokenInformation token =
              new TokenInformation(
                  ids.get().toString(),
                  owner,
                  requester,
                  renewers,
                  nowMs,
                  maxMs,
                  Math.min(maxMs, nowMs + settings.renewMs()));
          put(token);
          LOG.info("broker={} token {} is given to {}", brokerId, token.tokenId(), owner);
          return signed(token);
        });
  }

  /**
   * Makes a token good for longer, though never beyond its end.
   *
   * @param hmac its password
   * @param periodMs from now; below 0 for as long as the broker gives
   */
  public CompletableFuture<Outcome> renew(KafkaPrincipal who, byte[] hmac, long periodMs) {
    return change(
        who,
        hmac,
        (token, nowMs) ->
            isOver(token, nowMs)
                ? Outcome.refused(Errors.DELEGATION_TOKEN_EXPIRED)
                : goodFor(token, nowMs, periodMs < 0 ? settings.renewMs() : periodMs));
  }

  /**
   * Takes a token away, or lets it be good for another time.
   *
   * @param hmac its password
   * @param periodMs from now; below 0 to take it away at once, even one that is over
   */
  public CompletableFuture<Outcome> expire(KafkaPrincipal who, byte[] hmac, long periodMs) {
    return change(
        who,
        hmac,
        (token, nowMs) -> {
          if (periodMs < 0) {
            remove(token);
            return new Outcome(Errors.NONE, nowMs);
          }
          return isOver(token, nowMs)
              ? Outcome.refused(Errors.DELEGATION_TOKEN_EXPIRED)
              : goodFor(token, nowMs, periodMs);
        });
  }

  private CompletableFuture<Outcome> change(KafkaPrincipal who, byte[] hmac, Change change) {
    return onThread(
        () -> {
          TokenInformation token = cache.tokenForHmac(Base64.getEncoder().encodeToString(hmac));
          if (token == null) {
            return Outcome.refused(Errors.DELEGATION_TOKEN_NOT_FOUND);
          }
          return token.ownerOrRenewer(who)
              ? change.of(token, clock.millis())
              : Outcome.refused(Errors.DELEGATION_TOKEN_OWNER_MISMATCH);
        });
  }

  private static boolean isOver(TokenInformation token, long nowMs) {
    return token.maxTimestamp() < nowMs || token.expiryTimestamp() < nowMs;
  }

  private Outcome goodFor(TokenInformation token, long nowMs, long periodMs) {
    // As Kafka adds: a period without bounds ends before it began.
    long expiryMs = Math.min(token.maxTimestamp(), nowMs + periodMs);
    put(
        new TokenInformation(
            token.tokenId(),
            token.owner(),
            token.tokenRequester(),
            token.renewers(),
            token.issueTimestamp(),
            token.maxTimestamp(),
            expiryMs));
    LOG.info("broker={} token {} is good until {}", brokerId, token.tokenId(), expiryMs);
    return new Outcome(Errors.NONE, expiryMs);
  }

  private void put(TokenInformation token) {
    store.write(token);
    take(token);
    store.announce(token.tokenId());
  }

  private void remove(TokenInformation token) {
    store.delete(token.tokenId());
    cache.removeCache(token.tokenId());
    store.announce(token.tokenId());
    LOG.info("broker={} token {} of {} is over", brokerId, token.tokenId(), token.owner());
  }

  /** Takes away what is over; for the controller. What fails is tried again the next time. */
  public void expireAll() {
    onThread(
            () -> {
              long nowMs = clock.millis();
              cache.tokens().stream().filter(token -> isOver(token, nowMs)).forEach(this::remove);
              return null;
            })
        .exceptionally(
            e -> {
              LOG.warn("broker={} tokens that are over stay for now: {}", brokerId, e.toString());
              return null;
            });
  }

  /** Those of all tokens, with their passwords, that a filter lets pass; from any thread. */
  public List<DelegationToken> describe(Predicate<TokenInformation> filter) {
    return cache.tokens().stream().filter(filter).map(this::signed).toList();
  }

  private <T> CompletableFuture<T> onThread(Supplier<T> task) {
    try {
      return CompletableFuture.supplyAsync(task, thread);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new ApiException("the broker is stopping"));
    }
  }

  @Override
  public void close() {
    changes.close();
  }
}
