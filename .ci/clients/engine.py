"""The stream engine alone, with boto3, the AWS CLI and the AWS SDK for JavaScript, over plain HTTP and TLS."""

import datetime
import json
import pathlib
import tempfile
import time

from engine_alone import active, client, engine
from harness import await_true, check, finish, run

CLIENTS = pathlib.Path(__file__).parent


def refused(kind, call, **arguments):
    try:
        call(**arguments)
    except call.__self__.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == kind, error
        return
    raise AssertionError(f"not refused with {kind}")


@check("the log in JSON: the program has what writes it")
def log_in_json():
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write("log: {format: json}\n")
        file.flush()
        with engine("--config", file.name) as (http, _, _):
            assert client(http).list_streams()["StreamNames"] == []


@check("boto3: settings of a stream, tags, consumers, policies, limits")
def boto_settings():
    with engine("--stream", "orders:4") as (http, _, _):
        kinesis = client(http)
        summary = active(kinesis, "orders")
        arn = summary["StreamARN"]
        assert summary["OpenShardCount"] == 4
        kinesis.increase_stream_retention_period(StreamName="orders", RetentionPeriodHours=48)
        kinesis.decrease_stream_retention_period(StreamName="orders", RetentionPeriodHours=24)
        refused("InvalidArgumentException", kinesis.increase_stream_retention_period, StreamName="orders",
                RetentionPeriodHours=9000)
        kinesis.add_tags_to_stream(StreamName="orders", Tags={"a": "1", "b": "2"})
        kinesis.remove_tags_from_stream(StreamName="orders", TagKeys=["a"])
        assert kinesis.list_tags_for_stream(StreamName="orders")["Tags"] == [{"Key": "b", "Value": "2"}]
        kinesis.enable_enhanced_monitoring(StreamName="orders", ShardLevelMetrics=["ALL"])
        kinesis.disable_enhanced_monitoring(StreamName="orders", ShardLevelMetrics=["ALL"])
        kinesis.start_stream_encryption(StreamName="orders", EncryptionType="KMS", KeyId="alias/aws/kinesis")
        assert active(kinesis, "orders")["EncryptionType"] == "KMS"
        kinesis.stop_stream_encryption(StreamName="orders", EncryptionType="KMS", KeyId="alias/aws/kinesis")
        active(kinesis, "orders")
        kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "ON_DEMAND"})
        active(kinesis, "orders")
        consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]
        refused("ResourceInUseException", kinesis.register_stream_consumer, StreamARN=arn, ConsumerName="c")
        assert kinesis.list_stream_consumers(StreamARN=arn)["Consumers"][0]["ConsumerName"] == "c"
        assert kinesis.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])["ConsumerDescription"]["StreamARN"] == arn
        kinesis.deregister_stream_consumer(ConsumerARN=consumer["ConsumerARN"])
        policy = json.dumps({"Version": "2012-10-17", "Statement": []})
        if hasattr(kinesis, "put_resource_policy"):
            kinesis.put_resource_policy(ResourceARN=arn, Policy=policy)
            assert kinesis.get_resource_policy(ResourceARN=arn)["Policy"] == policy
            kinesis.delete_resource_policy(ResourceARN=arn)
        assert kinesis.describe_limits()["OpenShardCount"] == 4
        refused("ResourceNotFoundException", kinesis.describe_stream, StreamName="none")


@check("boto3: listings in pages, shard filters, a split read to its end, deletion")
def boto_shards():
    with engine() as (http, _, _):
        kinesis = client(http)
        for number in range(5):
            kinesis.create_stream(StreamName=f"s{number}", ShardCount=3)
        kinesis.get_waiter("stream_exists").wait(StreamName="s4", WaiterConfig={"Delay": 1})
        names = [name for page in kinesis.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 2})
                 for name in page["StreamNames"]]
        assert names == [f"s{number}" for number in range(5)], names
        first = kinesis.list_shards(StreamName="s0", MaxResults=2)
        second = kinesis.list_shards(NextToken=first["NextToken"], MaxResults=2)
        assert (len(first["Shards"]), len(second["Shards"])) == (2, 1) and "NextToken" not in second
        put = kinesis.put_record(StreamName="s0", PartitionKey="k", Data=b"parent", ExplicitHashKey="7")
        time.sleep(1.1)  # boto3 sends whole seconds
        before = datetime.datetime.now(datetime.timezone.utc)
        kinesis.split_shard(StreamName="s0", ShardToSplit=put["ShardId"], NewStartingHashKey="1000")
        active(kinesis, "s0")
        child = kinesis.put_record(StreamName="s0", PartitionKey="k", Data=b"child", ExplicitHashKey="7")
        assert int(child["SequenceNumber"]) > int(put["SequenceNumber"])
        latest = kinesis.list_shards(StreamName="s0", ShardFilter={"Type": "AT_LATEST"})["Shards"]
        assert len(latest) == 4
        then = kinesis.list_shards(StreamName="s0", ShardFilter={"Type": "AT_TIMESTAMP", "Timestamp": before})["Shards"]
        assert len(then) == 3, (before, then)
        iterator = kinesis.get_shard_iterator(StreamName="s0", ShardId=put["ShardId"],
                                              ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        page = kinesis.get_records(ShardIterator=iterator)
        assert [record["Data"] for record in page["Records"]] == [b"parent"]
        while page.get("NextShardIterator"):
            page = kinesis.get_records(ShardIterator=page["NextShardIterator"])
        assert len(page["ChildShards"]) == 2
        kinesis.delete_stream(StreamName="s0")
        kinesis.get_waiter("stream_not_exists").wait(StreamName="s0", WaiterConfig={"Delay": 1})


@check("boto3: SubscribeToShard; TLS with the named authority")
def boto_subscribe():
    with engine("--stream", "orders:1") as (_, https, authority):
        kinesis = client(https, verify=authority)
        arn = active(kinesis, "orders")["StreamARN"]
        consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="c")["Consumer"]["ConsumerARN"]
        await_true("consumer ACTIVE", lambda: kinesis.describe_stream_consumer(ConsumerARN=consumer)[
            "ConsumerDescription"]["ConsumerStatus"] == "ACTIVE")
        kinesis.put_record(StreamName="orders", PartitionKey="k", Data=b"pushed")
        events = kinesis.subscribe_to_shard(ConsumerARN=consumer, ShardId="shardId-000000000000",
                                            StartingPosition={"Type": "TRIM_HORIZON"})["EventStream"]
        for event in events:
            if event["SubscribeToShardEvent"]["Records"]:
                assert event["SubscribeToShardEvent"]["Records"][0]["Data"] == b"pushed"
                break
        events.close()


@check("AWS CLI: TLS with the named authority")
def cli_tls():
    with engine("--stream", "orders:2") as (_, https, authority):
        names = json.loads(run("aws", "kinesis", "--endpoint-url", https, "--region", "us-east-1", "--output", "json",
                               "--ca-bundle", authority, "list-streams"))["StreamNames"]
        assert names == ["orders"]


@check("@aws-sdk/client-kinesis: puts, reads, errors, SubscribeToShard, over HTTP and TLS")
def javascript():
    with engine("--stream", "orders:1") as (http, https, authority):
        for endpoint in (http, https):
            said = run("node", CLIENTS / "kinesis.mjs", endpoint, env={"NODE_EXTRA_CA_CERTS": authority}).decode()
            assert json.loads(said) == {"put": 100, "read": True, "missing": "ResourceNotFoundException",
                                        "pushed": True}, said


if __name__ == "__main__":
    finish()
