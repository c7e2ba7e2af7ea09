package io.vitrine.cluster.security;

import io.vitrine.protocol.server.Request;
import java.net.InetAddress;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/** Who asks for what, from where, as authorizers of Kafka's interface want it told. */
public record RequestContext(Request request) implements AuthorizableRequestContext {

  @Override
  public String listenerName() {
    return request.connection().listenerName();
  }

  @Override
  public SecurityProtocol securityProtocol() {
    return request.connection().securityProtocol();
  }

  @Override
  public KafkaPrincipal principal() {
    return request.connection().principal();
  }

  @Override
  public InetAddress clientAddress() {
    return request.connection().remote().getAddress();
  }

  @Override
  public int requestType() {
    return request.header().apiKey().id;
  }

  @Override
  public int requestVersion() {
    return request.header().apiVersion();
  }

  @Override
  public String clientId() {
    return request.header().clientId();
  }

  @Override
  public int correlationId() {
    return request.header().correlationId();
  }
}
