package io.penstock.engine.wire;

import static io.penstock.engine.wire.Shape.choice;
import static io.penstock.engine.wire.Shape.optional;
import static io.penstock.engine.wire.Shape.required;
import static io.penstock.engine.wire.Shape.structure;
import static io.penstock.engine.wire.Shape.text;

import io.penstock.engine.wire.Shape.Blob;
import io.penstock.engine.wire.Shape.Choice;
import io.penstock.engine.wire.Shape.ListOf;
import io.penstock.engine.wire.Shape.MapOf;
import io.penstock.engine.wire.Shape.Structure;
import io.penstock.engine.wire.Shape.Text;
import io.penstock.engine.wire.Shape.Time;
import io.penstock.engine.wire.Shape.Whole;

/** Shapes that several operations share. */
final class Shapes {
    static final Text NAME = text(1, 128, "[a-zA-Z0-9_.-]+");
    static final Text STREAM_ARN = text(1, 2048, "arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+");
    static final Text RESOURCE_ARN = text(1, 2048, "arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+");
    static final Text TAGGED_ARN = text(1, 2048, "arn:aws.*:kinesis:.*:\\d{12}:(.*stream|channel)/\\S+");
    static final Text CONSUMER_ARN = text(
            1, 2048, "^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+");
    static final Text STREAM_ID = text(1, 24, "[a-z0-9]{20}-[a-z0-9]{3}");
    static final Text TOKEN = text(1, 1_048_576);
    static final Text TAG_KEY = text(1, 128);
    static final Text HASH_KEY = text(0, Integer.MAX_VALUE, "0|([1-9]\\d{0,38})");
    static final Text SEQUENCE_NUMBER = text(0, Integer.MAX_VALUE, "0|([1-9]\\d{0,128})");
    static final Text PARTITION_KEY = text(1, KinesisModel.MAX_PARTITION_KEY);
    static final Blob DATA = new Blob(KinesisModel.MAX_DATA);
    static final Whole POSITIVE = new Whole(1, Integer.MAX_VALUE);
    static final Whole NATURAL = new Whole(0, Integer.MAX_VALUE);
    static final Whole ANY_INTEGER = new Whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
    static final Whole PAGE = new Whole(1, 10_000);
    static final Whole RECORD_KIB = new Whole(1024, 10_240);
    static final Choice ENCRYPTION = choice("NONE", "KMS");
    static final Choice POSITION_TYPE =
            choice("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "TRIM_HORIZON", "LATEST", "AT_TIMESTAMP");
    static final Choice DISTRIBUTION = choice("AUTO", "USER_PARTITION_KEY");
    static final ListOf METRICS = new ListOf(
            choice(
                    "IncomingBytes",
                    "IncomingRecords",
                    "OutgoingBytes",
                    "OutgoingRecords",
                    "WriteProvisionedThroughputExceeded",
                    "ReadProvisionedThroughputExceeded",
                    "IteratorAgeMilliseconds",
                    "ALL"),
            1,
            7);
    static final ListOf TAG_KEYS = new ListOf(TAG_KEY, 1, 50);
    static final MapOf TAGS = new MapOf(TAG_KEY, text(0, 256), 1, 200);
    static final Structure MODE = structure(required("StreamMode", choice("PROVISIONED", "ON_DEMAND")));
    static final Structure SHARD_FILTER = structure(
            required(
                    "Type",
                    choice(
                            "AFTER_SHARD_ID",
                            "AT_TRIM_HORIZON",
                            "FROM_TRIM_HORIZON",
                            "AT_LATEST",
                            "AT_TIMESTAMP",
                            "FROM_TIMESTAMP")),
            optional("ShardId", NAME),
            optional("Timestamp", new Time()));
    static final Structure PUT_ENTRY = structure(
            required("Data", DATA), optional("PartitionKey", PARTITION_KEY), optional("ExplicitHashKey", HASH_KEY));

    private Shapes() {}
}
