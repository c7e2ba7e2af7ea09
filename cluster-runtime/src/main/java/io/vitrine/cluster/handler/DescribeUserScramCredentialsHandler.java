package io.vitrine.cluster.handler;

import io.vitrine.cluster.security.ScramUsers;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.protocol.server.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.CredentialInfo;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsRequest;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.apache.kafka.common.utils.Sanitizer;

/**
 * Which SCRAM credentials users have, and how often they are hashed (KIP-554); never what they are.
 * Asked by name, a user without any is an error (91); asked for all, it is passed over.
 */
public final class DescribeUserScramCredentialsHandler implements ApiHandler {
  private static final String USERS = "users";

  private final ConfigStore store;

  public DescribeUserScramCredentialsHandler(ConfigStore store) {
    this.store = store;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 0;
  }

  @Override
  public void handle(Request request) {
    List<UserName> asked = request.body(DescribeUserScramCredentialsRequest.class).data().users();
    boolean all = asked == null || asked.isEmpty();
    CompletableFuture<List<DescribeUserScramCredentialsResult>> described =
        all ? all() : joined(asked.stream().map(UserName::name).toList());
    described.whenComplete(
        (results, error) ->
            request.respond(
                new DescribeUserScramCredentialsResponse(
                    error == null
                        ? new DescribeUserScramCredentialsResponseData().setResults(results)
                        : failed(error))));
    request.parked();
  }

  private static DescribeUserScramCredentialsResponseData failed(Throwable error) {
    ApiError why = ApiError.fromThrowable(Failures.cause(error));
    return new DescribeUserScramCredentialsResponseData()
        .setErrorCode(why.error().code())
        .setErrorMessage(why.messageWithFallback());
  }

  private CompletableFuture<List<DescribeUserScramCredentialsResult>> all() {
    return store
        .names(USERS)
        .thenCompose(
            names ->
                sequence(
                    names.stream()
                        .map(Sanitizer::desanitize)
                        .sorted()
                        .map(
                            user ->
                                store
                                    .read(ScramUsers.path(user))
                                    .thenApply(settings -> described(user, settings)))
                        .toList()))
        .thenApply(
            results -> {
              results.removeIf(each -> each.errorCode() == Errors.RESOURCE_NOT_FOUND.code());
              return results;
            });
  }

  private CompletableFuture<List<DescribeUserScramCredentialsResult>> joined(List<String> names) {
    Set<String> once = new LinkedHashSet<>();
    Set<String> twice = new LinkedHashSet<>();
    names.forEach(
        name -> {
          if (!once.add(name)) {
            twice.add(name);
          }
        });
    return sequence(once.stream().map(name -> named(name, twice.contains(name))).toList());
  }

  private CompletableFuture<DescribeUserScramCredentialsResult> named(String user, boolean twice) {
    if (user.isEmpty()) {
      return CompletableFuture.completedFuture(
          refused(user, Errors.RESOURCE_NOT_FOUND, "Username must not be empty"));
    }
    if (twice) {
      return CompletableFuture.completedFuture(
          refused(
              user,
              Errors.DUPLICATE_RESOURCE,
              "Cannot describe SCRAM credentials for the same user twice in a single request: "
                  + user));
    }
    return store
        .read(ScramUsers.path(user))
        .thenApply(settings -> described(user, settings))
        .exceptionally(
            error -> {
              ApiError why = ApiError.fromThrowable(Failures.cause(error));
              return refused(user, why.error(), why.message());
            });
  }

  private static DescribeUserScramCredentialsResult described(
      String user, Map<String, String> settings) {
    List<CredentialInfo> credentials = new ArrayList<>();
    for (ScramMechanism mechanism : ScramMechanism.values()) {
      String credential = settings.get(mechanism.mechanismName());
      if (credential != null) {
        credentials.add(
            new CredentialInfo()
                .setMechanism(mechanism.type())
                .setIterations(ScramCredentialUtils.credentialFromString(credential).iterations()));
      }
    }
    return credentials.isEmpty()
        ? refused(
            user,
            Errors.RESOURCE_NOT_FOUND,
            "Attempt to describe a user credential that does not exist: " + user)
        : new DescribeUserScramCredentialsResult().setUser(user).setCredentialInfos(credentials);
  }

  private static DescribeUserScramCredentialsResult refused(
      String user, Errors error, String message) {
    return new DescribeUserScramCredentialsResult()
        .setUser(user)
        .setErrorCode(error.code())
        .setErrorMessage(message);
  }

  private static <T> CompletableFuture<List<T>> sequence(List<CompletableFuture<T>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              List<T> values = new ArrayList<>();
              futures.forEach(each -> values.add(each.join()));
              return values;
            });
  }
}
