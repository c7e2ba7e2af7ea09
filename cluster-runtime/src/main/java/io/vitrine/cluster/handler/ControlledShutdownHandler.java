package io.vitrine.cluster.handler;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.protocol.server.Request;
import org.apache.kafka.common.message.ControlledShutdownResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ControlledShutdownRequest;
import org.apache.kafka.common.requests.ControlledShutdownResponse;

/** A broker asks the controller to move its leaders before it stops. */
public final class ControlledShutdownHandler implements ApiHandler {
  private final Controller controller;

  public ControlledShutdownHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.CONTROLLED_SHUTDOWN;
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
        .controlledShutdown(request.body(ControlledShutdownRequest.class).data())
        .whenComplete(
            (answer, error) ->
                request.respond(
                    new ControlledShutdownResponse(
                        error == null
                            ? answer
                            : new ControlledShutdownResponseData()
                                .setErrorCode(Errors.forException(Failures.cause(error)).code()))));
  }
}
