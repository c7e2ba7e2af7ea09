// What an application does with a cluster, by kafkajs. Arguments: bootstrap servers, a prefix.
//
// Prints "VERSION v", then "STEP name: ok detail" or "STEP name: failed reason" for each step.
'use strict';

const { Kafka, logLevel, CompressionTypes, ConfigResourceTypes } = require('kafkajs');

const RECORDS = 300;
const [bootstrap, prefix] = process.argv.slice(2);
const topic = `${prefix}-topic`;
const output = `${prefix}-output`;
const group = `${prefix}-group`;
const kafka = new Kafka({ clientId: prefix, brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
let failed = false;

async function step(name, deed) {
  const limit = new Promise((_, no) => setTimeout(() => no(new Error('no end after 60 s')), 60000).unref());
  try {
    console.log(`STEP ${name}: ok ${await Promise.race([deed(), limit])}`);
  } catch (e) {
    failed = true;
    console.log(`STEP ${name}: failed ${`${e.name}: ${e.message}`.replace(/\s+/g, ' ')}`);
  }
}

function check(holds, otherwise) {
  if (!holds) {
    throw new Error(otherwise);
  }
}

async function until(what, condition) {
  const deadline = Date.now() + 30000;
  while (!(await condition())) {
    check(Date.now() < deadline, `not within 30 s: ${what}`);
    await new Promise((yes) => setTimeout(yes, 50));
  }
}

async function withAdmin(deed) {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await deed(admin);
  } finally {
    await admin.disconnect();
  }
}

const administer = () =>
  withAdmin(async (admin) => {
    check((await admin.describeCluster()).brokers.length === 3, 'brokers described');
    await admin.createTopics({
      topics: [
        { topic, numPartitions: 2, replicationFactor: 3 },
        { topic: output, numPartitions: 1, replicationFactor: 3 },
      ],
      waitForLeaders: true,
    });
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    await until('three partitions', async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      return topics[0].partitions.length === 3 && topics[0].partitions.every((p) => p.leader > 0);
    });
    check((await admin.listTopics()).includes(topic), 'not listed');
    const resource = { type: ConfigResourceTypes.TOPIC, name: topic };
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ ...resource, configEntries: [{ name: 'retention.ms', value: '7200000' }] }],
    });
    await until('retention.ms', async () => {
      const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
      return resources[0].configEntries.find((e) => e.configName === 'retention.ms').configValue === '7200000';
    });
    return '2 topics';
  });

async function produce() {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    const messages = Array.from({ length: RECORDS }, (_, i) => ({ key: `k${i}`, value: `v${i}`, partition: i % 3 }));
    const answers = await producer.send({ topic, acks: -1, compression: CompressionTypes.GZIP, messages });
    check(answers.every((a) => a.errorCode === 0 && a.baseOffset === '0'), JSON.stringify(answers));
    return `${RECORDS} records, gzip`;
  } finally {
    await producer.disconnect();
  }
}

async function consume() {
  const values = new Set();
  const consumer = kafka.consumer({ groupId: group });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => values.add(message.value.toString()) });
    await until(`${RECORDS} records`, async () => values.size === RECORDS);
  } finally {
    await consumer.disconnect();
  }
  const committed = await withAdmin((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }));
  const offsets = committed[0].partitions.map((p) => p.offset);
  check(offsets.every((o) => o === `${RECORDS / 3}`), `committed ${offsets}`);
  return `${RECORDS} records`;
}

async function transact() {
  const producer = kafka.producer({ transactionalId: `${group}-transactions`, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  try {
    const committed = await producer.transaction();
    await committed.send({ topic: output, messages: [{ value: 'committed' }] });
    await committed.sendOffsets({
      consumerGroupId: `${group}-source`,
      topics: [{ topic, partitions: [{ partition: 0, offset: '7' }] }],
    });
    await committed.commit();
    const aborted = await producer.transaction();
    await aborted.send({ topic: output, messages: [{ value: 'aborted' }] });
    await aborted.abort();
    const last = await producer.transaction();
    await last.send({ topic: output, messages: [{ value: 'last' }] });
    await last.commit();
  } finally {
    await producer.disconnect();
  }
  const seen = [];
  const consumer = kafka.consumer({ groupId: `${group}-reader`, readUncommitted: false });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [output], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => seen.push(message.value.toString()) });
    await until('two committed records', async () => seen.length >= 2);
  } finally {
    await consumer.disconnect();
  }
  check(seen.join() === 'committed,last', `read ${seen}`);
  const offsets = await withAdmin((admin) => admin.fetchOffsets({ groupId: `${group}-source`, topics: [topic] }));
  check(offsets[0].partitions.find((p) => p.partition === 0).offset === '7', 'offsets of the transaction');
  return 'two committed, one aborted';
}

const groups = () =>
  withAdmin(async (admin) => {
    check((await admin.listGroups()).groups.some((g) => g.groupId === group), 'not listed');
    check((await admin.describeGroups([group])).groups[0].state === 'Empty', 'not empty');
    await admin.deleteGroups([group]);
    return 'described, listed, deleted';
  });

const remove = () =>
  withAdmin(async (admin) => {
    // It deletes records only of topics whose offsets it has asked for.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '10' }] });
    const offsets = await admin.fetchTopicOffsets(topic);
    check(offsets.find((o) => o.partition === 0).low === '10', JSON.stringify(offsets));
    await admin.deleteTopics({ topics: [topic, output] });
    await until('the topic is gone', async () => !(await admin.listTopics()).includes(topic));
    return '10 records, 2 topics';
  });

(async () => {
  console.log(`VERSION ${require('kafkajs/package.json').version}`);
  await step('admin: create, describe, list, configs', administer);
  await step('idempotent producer', produce);
  await step('group consumer, committed offsets', consume);
  await step('transactions', transact);
  await step('admin: groups', groups);
  await step('admin: delete records and topics', remove);
  process.exit(failed ? 1 : 0);
})();
