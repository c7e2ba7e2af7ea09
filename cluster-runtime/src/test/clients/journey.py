"""What an application does with a cluster, by python3-kafka. Arguments: bootstrap servers, a prefix.

Prints "VERSION v", then "STEP name: ok detail" or "STEP name: failed reason" for each step.
"""

import sys
import time

import kafka
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewPartitions, NewTopic
from kafka.structs import OffsetAndMetadata, TopicPartition

bootstrap = sys.argv[1].split(",")
topic = sys.argv[2] + "-topic"
group = sys.argv[2] + "-group"
RECORDS = 300
failed = False


def step(name, deed):
    global failed
    try:
        print("STEP %s: ok %s" % (name, deed()), flush=True)
    except Exception as e:
        failed = True
        print("STEP %s: failed %s: %s" % (name, type(e).__name__, " ".join(str(e).split())), flush=True)


def check(holds, otherwise):
    if not holds:
        raise AssertionError(otherwise)


def until(what, condition):
    deadline = time.monotonic() + 30
    while not condition():
        check(time.monotonic() < deadline, "not within 30 s: " + what)
        time.sleep(0.05)


def administer():
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics([NewTopic(topic, 2, 3, topic_configs={"min.insync.replicas": "2"})])
        until("the topic is described", lambda: len(admin.describe_topics([topic])[0]["partitions"]) == 2)
        admin.create_partitions({topic: NewPartitions(3)})
        until("three partitions", lambda: len(admin.describe_topics([topic])[0]["partitions"]) == 3)
        check(topic in admin.list_topics(), "not listed")
        resource = ConfigResource(ConfigResourceType.TOPIC, topic)
        answer = admin.describe_configs([resource])[0].resources[0]
        values = {entry[0]: entry[1] for entry in answer[4]}
        check(values["min.insync.replicas"] == "2", "min.insync.replicas is " + str(values.get("min.insync.replicas")))
        return "%d settings" % len(values)
    finally:
        admin.close()


def produce():
    producer = kafka.KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type="gzip", linger_ms=5)
    try:
        sent = [producer.send(topic, b"v%d" % i, b"k%d" % i, partition=i % 3) for i in range(RECORDS)]
        producer.flush(30)
        offsets = [one.get(10).offset for one in sent]
        check(max(offsets) == RECORDS // 3 - 1, "last offset %d" % max(offsets))
        return "%d records, gzip, acks=all" % len(offsets)
    finally:
        producer.close(5)


def consumer():
    return kafka.KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=500,
    )


def consume():
    first = consumer()
    try:
        values = []
        deadline = time.monotonic() + 30
        while len(values) < RECORDS and time.monotonic() < deadline:
            values += [record.value for record in first]
        check(sorted(values) == sorted(b"v%d" % i for i in range(RECORDS)), "%d records" % len(values))
        first.commit()
    finally:
        first.close()
    second = consumer()
    try:
        deadline = time.monotonic() + 30
        while not second.assignment() and time.monotonic() < deadline:
            check(not second.poll(200), "records came again")
        for p in range(3):
            check(second.committed(TopicPartition(topic, p)) == RECORDS // 3, "committed of partition %d" % p)
        return "%d records, then none for the next member" % len(values)
    finally:
        second.close()


def groups():
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        check(any(one[0] == group for one in admin.list_consumer_groups()), "not listed")
        check(admin.describe_consumer_groups([group])[0].state == "Empty", "not empty")
        check(len(admin.list_consumer_group_offsets(group)) == 3, "offsets")
        admin.delete_consumer_groups([group])
        return "described, listed, offsets, deleted"
    finally:
        admin.close()


def delete():
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.delete_topics([topic])
        until("the topic is gone", lambda: topic not in admin.list_topics())
        return "1 topic"
    finally:
        admin.close()


print("VERSION " + kafka.__version__, flush=True)
step("admin: create, describe, list, configs", administer)
step("producer", produce)
step("group consumer, committed offsets", consume)
step("admin: groups", groups)
step("admin: delete a topic", delete)
sys.exit(1 if failed else 0)
