/**
 * Stories: scripts told once and run on Apache Kafka 3.9.2 and on our cluster, then compared.
 *
 * <p>What is compared are ZooKeeper's tree and the brokers' answers, with ids and times normalised.
 *
 * <p>Single answers are compared by AnswersTest: an API gets a {@link RequestTable} of its
 * requests, which an {@link AskedCluster} of each brand answers in every version we serve.
 */
package io.vitrine.cluster.story;
