/**
 * Settings of brokers and topics with Kafka's names, types, defaults and checks.
 *
 * <p>The doors are {@link io.vitrine.cluster.config.BrokerConfig} and {@link
 * io.vitrine.cluster.config.TopicConfig}; both are immutable. May use {@code storage}'s settings.
 */
package io.vitrine.cluster.config;
