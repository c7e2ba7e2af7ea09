/**
 * Which APIs and versions are spoken. Door: {@link io.vitrine.protocol.api.ApiVersionRanges}, given
 * by whoever owns the handlers and asked by the codec. No thread of its own. Uses nothing but
 * Kafka's {@code ApiKeys}.
 */
package io.vitrine.protocol.api;
