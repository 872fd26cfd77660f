package io.penstock.engine.wire;

import static io.penstock.engine.wire.Shape.choice;
import static io.penstock.engine.wire.Shape.optional;
import static io.penstock.engine.wire.Shape.required;
import static io.penstock.engine.wire.Shape.structure;
import static io.penstock.engine.wire.Shape.text;

import io.penstock.engine.wire.Shape.Flag;
import io.penstock.engine.wire.Shape.ListOf;
import io.penstock.engine.wire.Shape.Member;
import io.penstock.engine.wire.Shape.Structure;
import io.penstock.engine.wire.Shape.Text;
import io.penstock.engine.wire.Shape.Time;
import io.penstock.engine.wire.Shape.Whole;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operations of the Kinesis API, version 2013-12-02, with the members of their requests and the members'
 * constraints.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html">Kinesis, actions</a>
 */
@SuppressWarnings("ImmutableEnumChecker") // shapes are records of unmodifiable lists
public enum KinesisModel {
    ADD_TAGS_TO_STREAM("AddTagsToStream", onStream(required("Tags", Shapes.TAGS))),
    CREATE_CHANNEL(
            "CreateChannel",
            required("ChannelName", Shapes.NAME),
            required("ServiceExecutionRoleARN", ChannelShapes.ROLE_ARN),
            required("StreamConfigurationList", ChannelShapes.STREAMS),
            optional("S3DestinationConfiguration", ChannelShapes.S3),
            optional("S3TablesDestinationConfiguration", ChannelShapes.TABLES),
            optional("EncryptionConfiguration", ChannelShapes.ENCRYPTION),
            optional("Tags", Shapes.TAGS),
            optional("LoggingConfiguration", ChannelShapes.LOGGING)),
    CREATE_STREAM(
            "CreateStream",
            required("StreamName", Shapes.NAME),
            optional("ShardCount", Shapes.POSITIVE),
            optional("StreamModeDetails", Shapes.MODE),
            optional("Tags", Shapes.TAGS),
            optional("WarmThroughputMiBps", Shapes.NATURAL),
            optional("MaxRecordSizeInKiB", Shapes.RECORD_KIB),
            optional("RecordDistributionStrategy", Shapes.DISTRIBUTION)),
    DECREASE_STREAM_RETENTION_PERIOD(
            "DecreaseStreamRetentionPeriod", onStream(required("RetentionPeriodHours", Shapes.ANY_INTEGER))),
    DELETE_CHANNEL("DeleteChannel", required("ChannelARN", ChannelShapes.ARN)),
    DELETE_RESOURCE_POLICY("DeleteResourcePolicy", onResource()),
    DELETE_STREAM("DeleteStream", onStream(optional("EnforceConsumerDeletion", new Flag()))),
    DEREGISTER_STREAM_CONSUMER("DeregisterStreamConsumer", onConsumer()),
    DESCRIBE_ACCOUNT_SETTINGS("DescribeAccountSettings"),
    DESCRIBE_CHANNEL("DescribeChannel", required("ChannelARN", ChannelShapes.ARN)),
    DESCRIBE_LIMITS("DescribeLimits"),
    DESCRIBE_STREAM(
            "DescribeStream", onStream(optional("Limit", Shapes.PAGE), optional("ExclusiveStartShardId", Shapes.NAME))),
    DESCRIBE_STREAM_CONSUMER("DescribeStreamConsumer", onConsumer()),
    DESCRIBE_STREAM_SUMMARY("DescribeStreamSummary", onStream()),
    DISABLE_ENHANCED_MONITORING("DisableEnhancedMonitoring", onStream(required("ShardLevelMetrics", Shapes.METRICS))),
    ENABLE_ENHANCED_MONITORING("EnableEnhancedMonitoring", onStream(required("ShardLevelMetrics", Shapes.METRICS))),
    GET_RECORDS(
            "GetRecords",
            required("ShardIterator", text(1, 512)),
            optional("Limit", Shapes.PAGE),
            optional("StreamARN", Shapes.STREAM_ARN),
            optional("StreamId", Shapes.STREAM_ID),
            optional("DryRun", new Flag())),
    GET_RESOURCE_POLICY("GetResourcePolicy", onResource()),
    GET_SHARD_ITERATOR(
            "GetShardIterator",
            onStream(
                    required("ShardId", Shapes.NAME),
                    required("ShardIteratorType", Shapes.POSITION_TYPE),
                    optional("StartingSequenceNumber", Shapes.SEQUENCE_NUMBER),
                    optional("Timestamp", new Time()),
                    optional("DryRun", new Flag()))),
    INCREASE_STREAM_RETENTION_PERIOD(
            "IncreaseStreamRetentionPeriod", onStream(required("RetentionPeriodHours", Shapes.ANY_INTEGER))),
    LIST_CHANNELS(
            "ListChannels",
            optional("StreamFilter", ChannelShapes.FILTER),
            optional("MaxResults", Shapes.PAGE),
            optional("NextToken", Shapes.TOKEN)),
    LIST_SHARDS(
            "ListShards",
            onStream(
                    optional("NextToken", Shapes.TOKEN),
                    optional("ExclusiveStartShardId", Shapes.NAME),
                    optional("MaxResults", Shapes.PAGE),
                    optional("StreamCreationTimestamp", new Time()),
                    optional("ShardFilter", Shapes.SHARD_FILTER))),
    LIST_STREAM_CONSUMERS(
            "ListStreamConsumers",
            required("StreamARN", Shapes.STREAM_ARN),
            optional("NextToken", Shapes.TOKEN),
            optional("MaxResults", Shapes.PAGE),
            optional("StreamCreationTimestamp", new Time()),
            optional("StreamId", Shapes.STREAM_ID)),
    LIST_STREAMS(
            "ListStreams",
            optional("Limit", Shapes.PAGE),
            optional("ExclusiveStartStreamName", Shapes.NAME),
            optional("NextToken", Shapes.TOKEN)),
    LIST_TAGS_FOR_RESOURCE("ListTagsForResource", onTagged()),
    LIST_TAGS_FOR_STREAM(
            "ListTagsForStream",
            onStream(optional("ExclusiveStartTagKey", Shapes.TAG_KEY), optional("Limit", new Whole(1, 50)))),
    MERGE_SHARDS(
            "MergeShards",
            onStream(required("ShardToMerge", Shapes.NAME), required("AdjacentShardToMerge", Shapes.NAME))),
    PUT_RECORD(
            "PutRecord",
            onStream(
                    required("Data", Shapes.DATA),
                    optional("PartitionKey", Shapes.PARTITION_KEY),
                    optional("ExplicitHashKey", Shapes.HASH_KEY),
                    optional("SequenceNumberForOrdering", Shapes.SEQUENCE_NUMBER),
                    optional("DryRun", new Flag()))),
    PUT_RECORDS(
            "PutRecords",
            onStream(required("Records", new ListOf(Shapes.PUT_ENTRY, 1, 500)), optional("DryRun", new Flag()))),
    PUT_RESOURCE_POLICY("PutResourcePolicy", onResource(required("Policy", text(0, Integer.MAX_VALUE)))),
    REGISTER_STREAM_CONSUMER(
            "RegisterStreamConsumer",
            required("StreamARN", Shapes.STREAM_ARN),
            required("ConsumerName", Shapes.NAME),
            optional("StreamId", Shapes.STREAM_ID),
            optional("Tags", Shapes.TAGS)),
    REMOVE_TAGS_FROM_STREAM("RemoveTagsFromStream", onStream(required("TagKeys", Shapes.TAG_KEYS))),
    SPLIT_SHARD(
            "SplitShard",
            onStream(required("ShardToSplit", Shapes.NAME), required("NewStartingHashKey", Shapes.HASH_KEY))),
    START_STREAM_ENCRYPTION(
            "StartStreamEncryption",
            onStream(required("EncryptionType", Shapes.ENCRYPTION), required("KeyId", text(1, 2048)))),
    STOP_STREAM_ENCRYPTION(
            "StopStreamEncryption",
            onStream(required("EncryptionType", Shapes.ENCRYPTION), required("KeyId", text(1, 2048)))),
    SUBSCRIBE_TO_SHARD(
            "SubscribeToShard",
            required("ConsumerARN", Shapes.CONSUMER_ARN),
            optional("StreamId", Shapes.STREAM_ID),
            required("ShardId", Shapes.NAME),
            required(
                    "StartingPosition",
                    structure(
                            required("Type", Shapes.POSITION_TYPE),
                            optional("SequenceNumber", Shapes.SEQUENCE_NUMBER),
                            optional("Timestamp", new Time()))),
            optional("DryRun", new Flag())),
    TAG_RESOURCE("TagResource", onTagged(required("Tags", Shapes.TAGS))),
    UNTAG_RESOURCE("UntagResource", onTagged(required("TagKeys", Shapes.TAG_KEYS))),
    UPDATE_ACCOUNT_SETTINGS(
            "UpdateAccountSettings",
            required(
                    "MinimumThroughputBillingCommitment",
                    structure(required("Status", choice("ENABLED", "DISABLED"))))),
    UPDATE_CHANNEL(
            "UpdateChannel",
            required("ChannelARN", ChannelShapes.ARN),
            optional("S3DestinationConfiguration", ChannelShapes.FRESHNESS),
            optional("S3TablesDestinationConfiguration", ChannelShapes.FRESHNESS),
            optional("LoggingConfiguration", ChannelShapes.LOGGING)),
    UPDATE_MAX_RECORD_SIZE(
            "UpdateMaxRecordSize",
            optional("StreamARN", Shapes.STREAM_ARN),
            optional("StreamId", Shapes.STREAM_ID),
            required("MaxRecordSizeInKiB", Shapes.RECORD_KIB)),
    UPDATE_SHARD_COUNT(
            "UpdateShardCount",
            onStream(
                    required("TargetShardCount", Shapes.POSITIVE), required("ScalingType", choice("UNIFORM_SCALING")))),
    UPDATE_STREAM_MODE(
            "UpdateStreamMode",
            required("StreamARN", Shapes.STREAM_ARN),
            optional("StreamId", Shapes.STREAM_ID),
            required("StreamModeDetails", Shapes.MODE),
            optional("WarmThroughputMiBps", Shapes.NATURAL)),
    UPDATE_STREAM_RECORD_DISTRIBUTION_STRATEGY(
            "UpdateStreamRecordDistributionStrategy",
            required("StreamARN", Shapes.STREAM_ARN),
            optional("StreamId", Shapes.STREAM_ID),
            required("RecordDistributionStrategy", Shapes.DISTRIBUTION)),
    UPDATE_STREAM_WARM_THROUGHPUT(
            "UpdateStreamWarmThroughput", onStream(required("WarmThroughputMiBps", Shapes.NATURAL)));

    /** The maximum size of data in one record in bytes, whatever the stream's own limit. */
    public static final int MAX_DATA = 10_485_760;

    /** The maximum number of records in one PutRecords call. */
    public static final int MAX_RECORDS = 500;

    /** The maximum length of a partition key in characters. */
    public static final int MAX_PARTITION_KEY = 256;

    /** The prefix of the operation's name in the header {@code X-Amz-Target}. */
    private static final String TARGET_PREFIX = "Kinesis_20131202.";

    private static final Map<String, KinesisModel> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(KinesisModel::wireName, Function.identity()));

    private final String wireName;
    private final Structure input;

    KinesisModel(String wireName, Member... members) {
        this.wireName = wireName;
        this.input = structure(members);
    }

    /** The operation that a request's {@code X-Amz-Target} names; empty if it does not exist. */
    public static Optional<KinesisModel> ofTarget(String target) {
        return target.startsWith(TARGET_PREFIX)
                ? Optional.ofNullable(BY_NAME.get(target.substring(TARGET_PREFIX.length())))
                : Optional.empty();
    }

    /** The operation's name. */
    public String wireName() {
        return wireName;
    }

    /** The value of X-Amz-Target for the operation. */
    public String target() {
        return TARGET_PREFIX + wireName;
    }

    Structure input() {
        return input;
    }

    private static Member[] onStream(Member... others) {
        return Stream.concat(
                        Stream.of(
                                optional("StreamName", Shapes.NAME),
                                optional("StreamARN", Shapes.STREAM_ARN),
                                optional("StreamId", Shapes.STREAM_ID)),
                        Stream.of(others))
                .toArray(Member[]::new);
    }

    private static Member[] onConsumer() {
        return new Member[] {
            optional("StreamARN", Shapes.STREAM_ARN),
            optional("ConsumerName", Shapes.NAME),
            optional("ConsumerARN", Shapes.CONSUMER_ARN),
            optional("StreamId", Shapes.STREAM_ID)
        };
    }

    private static Member[] onResource(Member... others) {
        return onArn(Shapes.RESOURCE_ARN, others);
    }

    /** Channels have tags, but no policy. */
    private static Member[] onTagged(Member... others) {
        return onArn(Shapes.TAGGED_ARN, others);
    }

    private static Member[] onArn(Text arn, Member... others) {
        return Stream.concat(
                        Stream.of(required("ResourceARN", arn), optional("StreamId", Shapes.STREAM_ID)),
                        Stream.of(others))
                .toArray(Member[]::new);
    }
}
