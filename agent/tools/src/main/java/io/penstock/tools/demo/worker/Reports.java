package io.penstock.tools.demo.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.tools.demo.table.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a worker tells the table of its application. Any thread. */
final class Reports {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final URI table;
    private final String application;
    private final String worker;

    /** @param table the address of the demonstration's page */
    Reports(URI table, String application, String worker) {
        this.table = table;
        this.application = application;
        this.worker = worker;
    }

    /** The worker lives; what it may read. */
    List<Lease> renew() throws IOException, InterruptedException {
        List<Lease> leases = new ArrayList<>();
        post("/demo/leases", message())
                .path("leases")
                .forEach(lease -> leases.add(new Lease(
                        lease.path("shard").asText(), lease.path("after").asText())));
        return leases;
    }

    /** The worker lives, and holds the leases of these shards. */
    void hold(Collection<String> shards) throws IOException, InterruptedException {
        ObjectNode message = message();
        ArrayNode holds = message.putArray("holds");
        shards.forEach(holds::add);
        post("/demo/leases", message);
    }

    /** The events are to be counted; returns when they are. */
    void count(String shard, List<Event> events, String after, boolean atEnd) throws IOException, InterruptedException {
        ObjectNode message = message().put("shard", shard).put("after", after).put("ended", atEnd);
        ArrayNode rows = message.putArray("events");
        for (Event event : events) {
            rows.addArray()
                    .add(event.kind().word())
                    .add(event.id())
                    .add(event.number())
                    .add(event.made())
                    .add(event.group())
                    .add(event.x())
                    .add(event.y());
        }
        post("/demo/counts", message);
    }

    private ObjectNode message() {
        return JSON.createObjectNode().put("application", application).put("worker", worker);
    }

    private JsonNode post(String path, ObjectNode message) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(table.resolve(path))
                        .timeout(Duration.ofSeconds(10))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(message)))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("HTTP " + answer.statusCode() + " of the table");
        }
        return JSON.readTree(answer.body());
    }
}
