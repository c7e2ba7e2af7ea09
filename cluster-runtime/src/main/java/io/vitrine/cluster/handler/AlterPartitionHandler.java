package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionRequest;
import org.apache.kafka.common.requests.AlterPartitionResponse;

/** A leader asks the controller for another ISR (KIP-497). */
public final class AlterPartitionHandler implements ApiHandler {
  private final Controller controller;

  public AlterPartitionHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.ALTER_PARTITION;
  }

  @Override
  public short minVersion() {
    return 0;
  }

  @Override
  public short maxVersion() {
    return 3;
  }

  @Override
  public void handle(Request request) {
    controller
        .alterPartition(request.body(AlterPartitionRequest.class).data(), request.apiVersion())
        .whenComplete(
            (answer, error) ->
                request.respond(
                    new AlterPartitionResponse(
                        error == null
                            ? answer
                            : new AlterPartitionResponseData()
                                .setErrorCode(Errors.forException(Failures.cause(error)).code()))));
  }
}
