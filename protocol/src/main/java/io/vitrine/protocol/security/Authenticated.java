package io.vitrine.protocol.security;

import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** Goes up a server's pipeline when it is known who is at the other end. */
public record Authenticated(KafkaPrincipal principal) {}
