/**
 * Stories: scripts told once and run on Apache Kafka 3.9.2 and on our cluster, then compared.
 *
 * <p>What is compared are ZooKeeper's tree and the brokers' answers, with ids and times normalised.
 */
package io.vitrine.cluster.story;
