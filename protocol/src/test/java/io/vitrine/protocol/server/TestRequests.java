package io.vitrine.protocol.server;

import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;

/** Small requests as frames, and the smallest answers. */
final class TestRequests {
  private TestRequests() {}

  static byte[] heartbeat(int correlationId) {
    return RunningServer.frame(heartbeat().build((short) 4), correlationId);
  }

  static HeartbeatRequest.Builder heartbeat() {
    return new HeartbeatRequest.Builder(
        new HeartbeatRequestData().setGroupId("group").setMemberId("member"));
  }

  static byte[] produce(int acks, int correlationId) {
    ProduceRequestData data = new ProduceRequestData().setAcks((short) acks).setTimeoutMs(1000);
    return RunningServer.frame(
        ProduceRequest.forCurrentMagic(data).build((short) 9), correlationId);
  }

  static byte[] apiVersions(String softwareName, int version) {
    ApiVersionsRequestData data =
        new ApiVersionsRequestData()
            .setClientSoftwareName(softwareName)
            .setClientSoftwareVersion("1.2");
    return RunningServer.frame(
        new ApiVersionsRequest.Builder(data, (short) 0, (short) 4).build((short) version), 5);
  }

  static RequestHeader header(ApiKeys api, int version, int correlationId) {
    return new RequestHeader(api, (short) version, "raw", correlationId);
  }

  /** Answers heartbeats and ApiVersions. */
  static void answer(Request request) {
    if (request.apiKey() == ApiKeys.API_VERSIONS) {
      request.respond(new ApiVersionsResponse(new ApiVersionsResponseData()));
    } else {
      request.respond(new HeartbeatResponse(new HeartbeatResponseData().setErrorCode((short) 27)));
    }
  }
}
