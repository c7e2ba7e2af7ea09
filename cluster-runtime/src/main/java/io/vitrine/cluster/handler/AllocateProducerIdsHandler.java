package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AllocateProducerIdsRequest;
import org.apache.kafka.common.requests.AllocateProducerIdsResponse;

/** A broker asks the controller for a block of producer ids (KIP-730). */
public final class AllocateProducerIdsHandler implements ApiHandler {
  private final Controller controller;

  public AllocateProducerIdsHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALLOCATE_PRODUCER_IDS;
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
    controller
        .allocateProducerIds(request.body(AllocateProducerIdsRequest.class).data())
        .whenComplete(
            (answer, error) ->
                request.respond(
                    new AllocateProducerIdsResponse(
                        error == null
                            ? answer
                            : new AllocateProducerIdsResponseData()
                                .setErrorCode(Errors.forException(Failures.cause(error)).code()))));
  }
}
