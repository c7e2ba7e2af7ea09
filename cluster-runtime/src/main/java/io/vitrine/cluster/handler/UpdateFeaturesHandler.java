package io.vitrine.cluster.handler;

import io.vitrine.cluster.config.InterBrokerProtocol;
import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.protocol.server.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.UpdateFeaturesRequest;
import org.apache.kafka.common.requests.UpdateFeaturesRequest.FeatureUpdateItem;
import org.apache.kafka.common.requests.UpdateFeaturesResponse;

/**
 * Refuses to finalize features (KIP-584), each with its reason: brokers that keep their metadata in
 * ZooKeeper support none, so none was ever finalized.
 */
public final class UpdateFeaturesHandler implements ApiHandler {
  private final Controller controller;
  private final InterBrokerProtocol protocol;
  private final Authorizer authorizer;

  public UpdateFeaturesHandler(
      Controller controller, InterBrokerProtocol protocol, Authorizer authorizer) {
    this.controller = controller;
    this.protocol = protocol;
    this.authorizer = authorizer;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.UPDATE_FEATURES;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 1;
  }

  @Override
  public void handle(Request request) {
    UpdateFeaturesRequest body = request.body(UpdateFeaturesRequest.class);
    ApiError whole = ApiError.NONE;
    Map<String, ApiError> each = new LinkedHashMap<>();
    if (!authorizer.authorizeCluster(request, AclOperation.ALTER)) {
      whole = new ApiError(Errors.CLUSTER_AUTHORIZATION_FAILED);
    } else if (!controller.isActive()) {
      whole = new ApiError(Errors.NOT_CONTROLLER);
    } else if (!protocol.hasFeatures()) {
      whole = invalid("Feature versioning system is disabled.");
    } else {
      body.featureUpdates().forEach(update -> each.put(update.feature(), refusal(update)));
    }
    request.respond(UpdateFeaturesResponse.createWithErrors(whole, each, 0));
  }

  private static ApiError refusal(FeatureUpdateItem update) {
    if (update.feature().isEmpty()) {
      return invalid("Feature name can not be empty.");
    }
    if (update.upgradeType() == UpgradeType.UNKNOWN) {
      return invalid("Received unknown upgrade type.");
    }
    if (update.isDeleteRequest()) {
      return invalid("Can not delete non-existing finalized feature.");
    }
    if (update.versionLevel() < 1) {
      return invalid(
          "Can not provide versionLevel: "
              + update.versionLevel()
              + " less than 1 without setting the SAFE downgradeType in the request.");
    }
    return invalid(
        "Could not apply finalized feature update because the provided feature is not supported.");
  }

  private static ApiError invalid(String why) {
    return new ApiError(Errors.INVALID_REQUEST, why);
  }
}
