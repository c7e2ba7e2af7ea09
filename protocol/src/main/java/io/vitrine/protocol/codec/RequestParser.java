package io.vitrine.protocol.codec;

import io.vitrine.protocol.api.ApiVersionRanges;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * Frame to request, and what ApiVersions asks of the wire before any handler is involved (KIP-35,
 * KIP-511). Stateless.
 */
public final class RequestParser {
  private RequestParser() {}

  /**
   * Parses one frame. Bytes behind the body are ignored, as Kafka does.
   *
   * @throws RuntimeException when there is nothing to answer: unknown API, version outside the
   *     ranges, truncated or malformed header or body. Kafka closes the connection then.
   */
  public static ParsedRequest parse(ByteBuffer frame, ApiVersionRanges ranges) {
    RequestHeader header = RequestHeader.parse(frame);
    ApiKeys api = header.apiKey();
    short version = header.apiVersion();
    if (ranges.supports(api, version)) {
      AbstractRequest body = AbstractRequest.parseRequest(api, version, frame).request;
      return new ParsedRequest(header, body, api.requiresDelayedAllocation);
    }
    if (api == ApiKeys.API_VERSIONS) {
      // The body's layout is unknown; the answer only tells which versions would have been known.
      short oldest = ApiKeys.API_VERSIONS.oldestVersion();
      AbstractRequest body = new ApiVersionsRequest(new ApiVersionsRequestData(), oldest, version);
      return new ParsedRequest(header, body, false);
    }
    throw new InvalidRequestException(api + " version " + version + " is not served here");
  }

  /**
   * The answer to an ApiVersions request which no handler must see: in an unknown version
   * (UNSUPPORTED_VERSION) or with an illegal client software name or version (INVALID_REQUEST).
   * Null for every other request.
   */
  public static AbstractResponse refusal(AbstractRequest body) {
    if (body instanceof ApiVersionsRequest apiVersions) {
      if (apiVersions.hasUnsupportedRequestVersion()) {
        return apiVersions.getErrorResponse(0, Errors.UNSUPPORTED_VERSION.exception());
      }
      if (!apiVersions.isValid()) {
        return apiVersions.getErrorResponse(0, Errors.INVALID_REQUEST.exception());
      }
    }
    return null;
  }

  /** The version to answer in: the request's, but the oldest for an unknown ApiVersions version. */
  public static short responseVersion(RequestHeader header, AbstractRequest body) {
    return body instanceof ApiVersionsRequest apiVersions
            && apiVersions.hasUnsupportedRequestVersion()
        ? ApiKeys.API_VERSIONS.oldestVersion()
        : header.apiVersion();
  }
}
