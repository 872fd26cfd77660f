package io.penstock.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.base.text.CauseText;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/**
 * Records for a stream of a new engine, one JSON object a line, as {@code penstock tail --json} prints them: {@code
 * data} or {@code data_base64}, and {@code partition_key}; other members do not count. Blocks.
 *
 * @param stream that has to be there
 * @param file in UTF-8
 */
record Seed(String stream, Path file) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_RECORDS = 500;
    private static final int MOST_BYTES = 4 << 20;

    /** @param text {@code STREAM=FILE} */
    static Seed parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw CommandFailure.wrongUsage("--seed " + text + ": write STREAM=FILE, such as orders=orders.ndjson");
        }
        return new Seed(text.substring(0, equals), Path.of(text.substring(equals + 1)));
    }

    /** Where an engine is reached from this machine. */
    static String url(InetSocketAddress engine) {
        String host = engine.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : engine.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + engine.getPort();
    }

    /** Puts all records, in their order. Returns their number. */
    int putTo(InetSocketAddress engine) {
        URI uri = URI.create(url(engine) + "/");
        int count = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            HttpClient http = HttpClient.newHttpClient();
            ArrayNode records = JSON.createArrayNode();
            int bytes = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                count++;
                records.add(record(line, count));
                bytes += line.length();
                if (records.size() == MOST_RECORDS || bytes >= MOST_BYTES) {
                    put(http, uri, records, count);
                    records.removeAll();
                    bytes = 0;
                }
            }
            if (!records.isEmpty()) {
                put(http, uri, records, count);
            }
            return count;
        } catch (IOException e) {
            throw failed("cannot be read: " + CauseText.orUnknown(e));
        }
    }

    private ObjectNode record(String line, int number) {
        JsonNode given;
        try {
            given = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw failed("line " + number + " is no JSON: " + e.getOriginalMessage());
        }
        ObjectNode record = JSON.createObjectNode();
        if (given.path("data").isTextual()) {
            byte[] data = given.path("data").textValue().getBytes(StandardCharsets.UTF_8);
            record.put("Data", Base64.getEncoder().encodeToString(data));
        } else if (given.path("data_base64").isTextual()) {
            record.put("Data", given.path("data_base64").textValue());
        } else {
            throw failed("line " + number + " has neither data nor data_base64; write {\"partition_key\": \"k\","
                    + " \"data\": \"text\"}");
        }
        record.put("PartitionKey", given.path("partition_key").asText("seed"));
        return record;
    }

    private void put(HttpClient http, URI uri, ArrayNode records, int last) {
        ObjectNode call = JSON.createObjectNode().put("StreamName", stream);
        call.set("Records", records);
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/x-amz-json-1.1")
                            .header("X-Amz-Target", "Kinesis_20131202.PutRecords")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(call)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200
                    || JSON.readTree(answer.body()).path("FailedRecordCount").asInt() > 0) {
                throw failed("the lines up to " + last + " were not taken: " + answer.body());
            }
        } catch (IOException e) {
            throw failed("the lines up to " + last + " were not taken: " + CauseText.orUnknown(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("was interrupted");
        }
    }

    private CommandFailure failed(String why) {
        return CommandFailure.failed("--seed " + stream + "=" + file + ": " + why);
    }
}
