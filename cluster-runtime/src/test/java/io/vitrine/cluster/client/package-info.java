/**
 * Programs written against Kafka's public client API, run as processes on clients of several ages.
 */
package io.vitrine.cluster.client;
