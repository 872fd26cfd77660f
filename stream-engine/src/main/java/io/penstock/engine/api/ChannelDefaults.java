package io.penstock.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the service fills in where a channel's creator gives nothing. Stateless. */
final class ChannelDefaults {
    static final String NOTHING_IS_DELIVERED =
            "This engine keeps the channel's configuration only: delivery to Amazon S3 is not simulated.";

    private static final int FRESHNESS = 300;
    private static final String KEYS = "kinesis-channel/!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/"
            + "!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}!{extension}";
    private static final String DEAD_LETTERS = "DeadLetterQueueS3Configuration";
    private static final String STORAGE = "StorageConfiguration";

    /** The description of a destination as it was given. */
    static JsonNode destination(JsonNode given, boolean tables, String name, String id) {
        ObjectNode described = given.deepCopy();
        absent(described, "DataFreshnessInSeconds", JsonNodeFactory.instance.numberNode(FRESHNESS));
        if (!tables) {
            ObjectNode storage = (ObjectNode) described.get(STORAGE);
            absent(storage, "OutputKeyTemplate", text(KEYS));
            absent(storage, "StorageClass", text("STANDARD"));
            if (!described.has(DEAD_LETTERS)) {
                ObjectNode letters = described.putObject(DEAD_LETTERS);
                letters.set("BucketARN", storage.get("BucketARN"));
                letters.set("ExpectedBucketOwner", storage.get("ExpectedBucketOwner"));
            }
        }
        ObjectNode letters = (ObjectNode) described.get(DEAD_LETTERS);
        absent(letters, "ErrorOutputPrefix", text("kinesis-channel/errors/" + name + "/" + id + "/"));
        return described;
    }

    /** The logging configuration as it was given, or off. */
    static JsonNode logging(JsonNode given, String name, String id) {
        ObjectNode described = given.isObject() ? given.deepCopy() : JsonNodeFactory.instance.objectNode();
        ObjectNode logs = described.withObject("/CloudWatchLogs");
        absent(logs, "Enabled", JsonNodeFactory.instance.booleanNode(false));
        absent(logs, "LogGroupName", text("/aws/kinesis/" + name + "/" + id));
        absent(logs, "LogStreamName", text("DestinationDelivery"));
        return described;
    }

    private static void absent(ObjectNode node, String member, JsonNode value) {
        if (!node.has(member)) {
            node.set(member, value);
        }
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }

    private ChannelDefaults() {}
}
