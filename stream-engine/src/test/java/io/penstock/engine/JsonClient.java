package io.penstock.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Calls the API over raw HTTP/1.1 with JSON, as a client without an SDK does. */
public final class JsonClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI uri;

    public JsonClient(StreamEngine engine) {
        InetSocketAddress address = engine.address();
        this.uri = URI.create("http://127.0.0.1:" + address.getPort() + "/");
    }

    public URI uri() {
        return uri;
    }

    public record Reply(int status, String text, HttpResponse<byte[]> raw) {
        public JsonNode json() {
            try {
                return text.isEmpty() ? MissingNode.getInstance() : MAPPER.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(text, e);
            }
        }

        public String errorType() {
            return json().path("__type").asText();
        }

        public String message() {
            return json().path("message").asText();
        }
    }

    /** Calls an operation; the body is JSON with single quotes for double ones. */
    public Reply call(String operation, String body) {
        return send(operation, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "application/x-amz-json-1.1");
    }

    public Reply send(String operation, byte[] body, String contentType, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("X-Amz-Target", "Kinesis_20131202." + operation)
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    public Reply send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@link #call}, for calls that must succeed. */
    public JsonNode ok(String operation, String body) {
        Reply reply = call(operation, body);
        if (reply.status() != 200) {
            throw new AssertionError(operation + ": " + reply.status() + " " + reply.text());
        }
        return reply.json();
    }

    public void createStream(String name, int shards) {
        ok("CreateStream", "{'StreamName':'" + name + "','ShardCount':" + shards + "}");
    }

    public JsonNode put(String stream, String key, String data) {
        return ok(
                "PutRecord",
                "{'StreamName':'" + stream + "','PartitionKey':'" + key + "','Data':'" + base64(data) + "'}");
    }

    public String iterator(String stream, String shard, String type) {
        return iterator(stream, shard, type, "");
    }

    /** @param more further members, beginning with a comma */
    public String iterator(String stream, String shard, String type, String more) {
        return ok(
                        "GetShardIterator",
                        "{'StreamName':'" + stream + "','ShardId':'" + shard + "','ShardIteratorType':'" + type + "'"
                                + more + "}")
                .path("ShardIterator")
                .asText();
    }

    public JsonNode records(String iterator) {
        return ok("GetRecords", "{'ShardIterator':'" + iterator + "'}");
    }

    /** The data of a shard's records, from its start to its present end. */
    public List<String> readAll(String stream, String shard) {
        List<String> data = new ArrayList<>();
        String next = iterator(stream, shard, "TRIM_HORIZON");
        while (true) {
            JsonNode page = records(next);
            page.path("Records").forEach(record -> data.add(text(record)));
            if (page.path("Records").isEmpty() || !page.has("NextShardIterator")) {
                return data;
            }
            next = page.path("NextShardIterator").asText();
        }
    }

    public static String text(JsonNode record) {
        return new String(Base64.getDecoder().decode(record.path("Data").asText()), StandardCharsets.UTF_8);
    }

    public static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String shardId(int index) {
        return String.format(java.util.Locale.ROOT, "shardId-%012d", index);
    }
}
