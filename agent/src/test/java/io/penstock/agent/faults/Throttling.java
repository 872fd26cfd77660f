package io.penstock.agent.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/**
 * Throttles single records of a PutRecords call: takes them out of the request and puts their errors into the answer.
 * A call that asks for an ordered put loses the later records of a key with the first one, as the promise says.
 */
final class Throttling {
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectMapper format;
    private final ObjectNode request;
    private final BitSet throttled = new BitSet();

    private Throttling(ObjectMapper format, ObjectNode request) {
        this.format = format;
        this.request = request;
    }

    static ObjectMapper format(HttpMessage message) {
        return message.header("content-type").contains("cbor") ? CBOR : JSON;
    }

    /** Whether a record is throttled, by its partition key, explicit hash key (empty for none) and bytes of data. */
    @FunctionalInterface
    interface Rule {
        boolean throttles(String key, String hashKey, int bytes);
    }

    static boolean throttles(JsonNode record, Rule rule) throws IOException {
        return rule.throttles(
                record.get("PartitionKey").textValue(),
                record.path("ExplicitHashKey").asText(""),
                record.get("Data").binaryValue().length);
    }

    static Throttling of(HttpMessage message, Rule rule) throws IOException {
        ObjectMapper format = format(message);
        Throttling throttling = new Throttling(format, (ObjectNode) format.readTree(message.body()));
        boolean ordered = !message.header("x-penstock-ordered-put").isEmpty();
        Set<String> failed = new HashSet<>();
        int index = 0;
        for (JsonNode entry : throttling.request.get("Records")) {
            String key = entry.get("PartitionKey").textValue();
            if (ordered && failed.contains(key) || throttles(entry, rule)) {
                failed.add(key);
                throttling.throttled.set(index);
            }
            index++;
        }
        return throttling;
    }

    int count() {
        return throttled.cardinality();
    }

    boolean nothingLeft() {
        return throttled.cardinality() == request.get("Records").size();
    }

    /** The request without the throttled records. */
    byte[] rest() throws IOException {
        ObjectNode rest = request.deepCopy();
        ArrayNode kept = rest.putArray("Records");
        for (int i = 0; i < request.get("Records").size(); i++) {
            if (!throttled.get(i)) {
                kept.add(request.get("Records").get(i));
            }
        }
        return format.writeValueAsBytes(rest);
    }

    /** The answer to {@link #rest}, with the throttled records back in their places. */
    byte[] merged(byte[] answer) throws IOException {
        ObjectNode whole = (ObjectNode) format.readTree(answer);
        JsonNode stored = whole.get("Records");
        ArrayNode all = format.createArrayNode();
        int next = 0;
        for (int i = 0; i < request.get("Records").size(); i++) {
            all.add(throttled.get(i) ? error() : stored.get(next++));
        }
        whole.set("Records", all);
        whole.put("FailedRecordCount", whole.path("FailedRecordCount").intValue() + count());
        return format.writeValueAsBytes(whole);
    }

    /** The answer when nothing is left to ask for. */
    byte[] allThrottled() throws IOException {
        ObjectNode answer = format.createObjectNode();
        ArrayNode all = answer.putArray("Records");
        for (int i = 0; i < request.get("Records").size(); i++) {
            all.add(error());
        }
        answer.put("FailedRecordCount", all.size());
        return format.writeValueAsBytes(answer);
    }

    private ObjectNode error() {
        return format.createObjectNode()
                .put("ErrorCode", "ProvisionedThroughputExceededException")
                .put("ErrorMessage", "Rate exceeded for a shard");
    }
}
