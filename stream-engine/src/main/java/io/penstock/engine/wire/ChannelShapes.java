package io.penstock.engine.wire;

import static io.penstock.engine.wire.Shape.choice;
import static io.penstock.engine.wire.Shape.optional;
import static io.penstock.engine.wire.Shape.required;
import static io.penstock.engine.wire.Shape.structure;
import static io.penstock.engine.wire.Shape.text;

import io.penstock.engine.wire.Shape.Flag;
import io.penstock.engine.wire.Shape.ListOf;
import io.penstock.engine.wire.Shape.Structure;
import io.penstock.engine.wire.Shape.Text;
import io.penstock.engine.wire.Shape.Time;
import io.penstock.engine.wire.Shape.Whole;

/**
 * The shapes of the channel operations. The published SDKs have the members, which of them are required, and the
 * values of enums; lengths and patterns are not published, and these are what the named service has for such values.
 */
final class ChannelShapes {
    static final Text ARN = text(1, 2048, "arn:aws.*:kinesis:.*:\\d{12}:channel/\\S+");
    static final Text ROLE_ARN = text(1, 2048, "arn:aws.*:iam::\\d{12}:role/\\S+");

    private static final Text BUCKET_ARN = text(1, 2048, "arn:aws.*:s3:::\\S+");
    private static final Text TABLE_BUCKET_ARN = text(1, 2048, "arn:aws.*:s3tables:.*:\\d{12}:bucket/\\S+");
    private static final Text SCHEMA_ARN = text(1, 2048, "arn:aws.*:glue:.*:\\d{12}:schema/\\S+");
    private static final Text ACCOUNT = text(12, 12, "\\d{12}");
    private static final Text KEY_PREFIX = text(0, 1024);
    private static final Text LOG_NAME = text(1, 512);
    private static final Text TABLE_NAME = text(1, 255);
    private static final Whole SECONDS = new Whole(1, 86_400);

    static final ListOf STREAMS = new ListOf(
            structure(
                    required("StreamARN", Shapes.STREAM_ARN),
                    required(
                            "RecordConfiguration",
                            structure(
                                    required("RecordFormatType", choice("GSR_JSON", "JSON", "STRING", "BYTE_ARRAY")),
                                    optional("GSRSchemaARN", SCHEMA_ARN)))),
            1,
            1);
    private static final Structure DEAD_LETTERS = structure(
            required("BucketARN", BUCKET_ARN),
            required("ExpectedBucketOwner", ACCOUNT),
            optional("ErrorOutputPrefix", KEY_PREFIX));
    static final Structure S3 = structure(
            optional("DataFreshnessInSeconds", SECONDS),
            optional("DeadLetterQueueS3Configuration", DEAD_LETTERS),
            required(
                    "StorageConfiguration",
                    structure(
                            required("BucketARN", BUCKET_ARN),
                            required("ExpectedBucketOwner", ACCOUNT),
                            optional("OutputKeyTemplate", text(1, 1024)),
                            optional("StorageClass", choice("STANDARD", "INTELLIGENT_TIERING", "GLACIER_IR")),
                            required("CompressionType", choice("NONE", "GZIP", "ZSTD")))));
    static final Structure TABLES = structure(
            optional("DataFreshnessInSeconds", SECONDS),
            required("DeadLetterQueueS3Configuration", DEAD_LETTERS),
            required(
                    "S3TablesConfigurationList",
                    new ListOf(
                            structure(
                                    required("TableBucketARN", TABLE_BUCKET_ARN),
                                    required("Namespace", TABLE_NAME),
                                    required("TableName", TABLE_NAME),
                                    required("CompressionType", choice("NONE", "ZSTD", "SNAPPY")),
                                    optional(
                                            "PartitionSpec",
                                            structure(required(
                                                    "PartitionFields",
                                                    new ListOf(
                                                            structure(
                                                                    required("Transform", choice("TIME_HOUR")),
                                                                    required("SourceName", TABLE_NAME)),
                                                            1,
                                                            1))))),
                            1,
                            1)));
    static final Structure FRESHNESS = structure(required("DataFreshnessInSeconds", SECONDS));
    static final Structure ENCRYPTION =
            structure(required("EncryptionType", choice("KMS")), required("KeyId", text(1, 2048)));
    static final Structure LOGGING = structure(required(
            "CloudWatchLogs",
            structure(
                    required("Enabled", new Flag()),
                    optional("LogGroupName", LOG_NAME),
                    optional("LogStreamName", LOG_NAME))));
    static final ListOf FILTER = new ListOf(
            structure(required("StreamARN", Shapes.STREAM_ARN), optional("StreamCreationTimestamp", new Time())),
            1,
            100);

    private ChannelShapes() {}
}
