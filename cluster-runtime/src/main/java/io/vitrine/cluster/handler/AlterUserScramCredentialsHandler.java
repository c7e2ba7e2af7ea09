package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.security.ScramUsers;
import io.vitrine.cluster.zookeeper.ConfigStore;
import io.vitrine.protocol.server.Request;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterUserScramCredentialsRequest;
import org.apache.kafka.common.requests.AlterUserScramCredentialsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;

/**
 * Gives users SCRAM credentials and takes them (KIP-554), on the controller alone. The client sends
 * the password salted and hashed. All changes of a user are made or none.
 */
public final class AlterUserScramCredentialsHandler implements ApiHandler {
  private static final int MAX_ITERATIONS = 16_384;
  private static final ApiError UNKNOWN_MECHANISM =
      new ApiError(Errors.UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism");

  private final Controller controller;
  private final ConfigStore store;
  private final Authorizer authorizer;

  public AlterUserScramCredentialsHandler(
      Controller controller, ConfigStore store, Authorizer authorizer) {
    this.controller = controller;
    this.store = store;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_USER_SCRAM_CREDENTIALS;
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
    AlterUserScramCredentialsRequest body = request.body(AlterUserScramCredentialsRequest.class);
    if (!controller.isActive()) {
      request.respond(body.getErrorResponse(0, Errors.NOT_CONTROLLER.exception()));
      return;
    }
    if (!authorizer.authorizeCluster(request, AclOperation.ALTER)) {
      request.respond(body.getErrorResponse(0, Errors.CLUSTER_AUTHORIZATION_FAILED.exception()));
      return;
    }
    List<CompletableFuture<AlterUserScramCredentialsResult>> results = new ArrayList<>();
    wishes(body.data()).forEach((user, wish) -> results.add(alter(user, wish)));
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenRun(
            () ->
                request.respond(
                    new AlterUserScramCredentialsResponse(
                        new AlterUserScramCredentialsResponseData()
                            .setResults(results.stream().map(CompletableFuture::join).toList()))));
    request.parked();
  }

  /** What is asked for one user. */
  private record Wish(
      List<ScramCredentialUpsertion> upsertions, List<ScramCredentialDeletion> deletions) {
    Wish() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    boolean namesAMechanismTwice() {
      Set<Byte> seen = new HashSet<>();
      return !upsertions.stream().allMatch(each -> seen.add(each.mechanism()))
          || !deletions.stream().allMatch(each -> seen.add(each.mechanism()));
    }
  }

  private static Map<String, Wish> wishes(AlterUserScramCredentialsRequestData body) {
    Map<String, Wish> wishes = new LinkedHashMap<>();
    body.deletions()
        .forEach(
            each -> wishes.computeIfAbsent(each.name(), name -> new Wish()).deletions().add(each));
    body.upsertions()
        .forEach(
            each -> wishes.computeIfAbsent(each.name(), name -> new Wish()).upsertions().add(each));
    return wishes;
  }

  private CompletableFuture<AlterUserScramCredentialsResult> alter(String user, Wish wish) {
    ApiError refusal = refusal(user, wish);
    if (refusal.isFailure()) {
      return CompletableFuture.completedFuture(result(user, refusal));
    }
    String path = ScramUsers.path(user);
    return store
        .read(path)
        .thenCompose(before -> store.change(path, changed(before, wish)))
        .handle(
            (done, error) ->
                result(
                    user,
                    error == null ? ApiError.NONE : ApiError.fromThrowable(Failures.cause(error))));
  }

  /** What is wrong with the wish itself; an upsertion's fault is told before a deletion's. */
  private static ApiError refusal(String user, Wish wish) {
    if (user.isEmpty()) {
      return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Username must not be empty");
    }
    for (ScramCredentialUpsertion upsertion : wish.upsertions()) {
      ScramMechanism mechanism = ScramMechanism.fromType(upsertion.mechanism());
      if (mechanism == ScramMechanism.UNKNOWN) {
        return UNKNOWN_MECHANISM;
      }
      if (upsertion.iterations() > MAX_ITERATIONS) {
        return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Too many iterations");
      }
      if (upsertion.iterations() < internal(mechanism).minIterations()) {
        return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Too few iterations");
      }
    }
    if (wish.deletions().stream()
        .anyMatch(each -> ScramMechanism.fromType(each.mechanism()) == ScramMechanism.UNKNOWN)) {
      return UNKNOWN_MECHANISM;
    }
    return wish.namesAMechanismTwice()
        ? new ApiError(
            Errors.DUPLICATE_RESOURCE,
            "A user credential cannot be altered twice in the same request")
        : ApiError.NONE;
  }

  private static Map<String, String> changed(Map<String, String> before, Wish wish) {
    Map<String, String> after = new TreeMap<>(before);
    for (ScramCredentialDeletion deletion : wish.deletions()) {
      String name = ScramMechanism.fromType(deletion.mechanism()).mechanismName();
      if (after.remove(name) == null) {
        throw new ResourceNotFoundException(
            "Attempt to delete a user credential that does not exist");
      }
    }
    for (ScramCredentialUpsertion upsertion : wish.upsertions()) {
      ScramMechanism mechanism = ScramMechanism.fromType(upsertion.mechanism());
      after.put(mechanism.mechanismName(), credential(mechanism, upsertion));
    }
    return after;
  }

  private static String credential(ScramMechanism mechanism, ScramCredentialUpsertion upsertion) {
    try {
      return ScramCredentialUtils.credentialToString(
          new ScramFormatter(internal(mechanism))
              .generateCredential(
                  upsertion.salt(), upsertion.saltedPassword(), upsertion.iterations()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM does not know " + mechanism, e);
    }
  }

  private static org.apache.kafka.common.security.scram.internals.ScramMechanism internal(
      ScramMechanism mechanism) {
    return org.apache.kafka.common.security.scram.internals.ScramMechanism.forMechanismName(
        mechanism.mechanismName());
  }

  /** As in Kafka, the message of what was done is empty, not absent. */
  private static AlterUserScramCredentialsResult result(String user, ApiError error) {
    return new AlterUserScramCredentialsResult()
        .setUser(user)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.isFailure() ? error.message() : "");
  }
}
