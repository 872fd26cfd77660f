package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Bad input is refused with its place and remedy, counted, and harms nobody else")
class BadInputIT {
    private static final int MIB = 1 << 20;
    private static final byte[] CONNECT = HexFormat.of().parseHex("100f00044d515454040200000003626164");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static AgentProcess agent;
    private static StreamContents streams;
    private static Mqtt5BlockingClient neighbour;
    private static int sent;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        agent = AgentProcess.run(folder, AgentProcess.FREE_PORTS);
        streams = new StreamContents(agent.http("kinesis"));
        neighbour = MqttClient.builder()
                .useMqttVersion5()
                .identifier("neighbour")
                .serverAddress(agent.address("mqtt"))
                .buildBlocking();
        neighbour.connect();
        neighbourPublishes();
    }

    /** The neighbour's connection outlived whatever the test did. */
    @AfterEach
    void theNeighbourGoesOn() {
        neighbourPublishes();
    }

    /** Each publish of the neighbour is in the stream, once. */
    @AfterAll
    static void stop() throws Exception {
        neighbour.disconnect();
        Set<String> expected = IntStream.range(0, sent)
                .mapToObj(number -> "\"payload\":\"fine " + number + "\"")
                .collect(Collectors.toSet());
        Awaitility.await().untilAsserted(() -> {
            List<String> found = streams.texts("mqtt");
            assertEquals(expected.size(), found.size(), found::toString);
            expected.forEach(one -> assertTrue(found.stream().anyMatch(r -> r.contains(one)), one));
        });
        streams.close();
        agent.terminate();
        assertEquals(0, agent.awaitExit(Duration.ofSeconds(30)), agent::output);
        agent.close();
    }

    @Test
    void aMalformedMqttPacketClosesItsConnectionAndIsLoggedWithPeerAndReason() throws Exception {
        InetSocketAddress mqtt = agent.address("mqtt");
        try (Socket broken = new Socket(mqtt.getAddress(), mqtt.getPort())) {
            broken.getOutputStream().write(CONNECT);
            assertEquals(
                    "20020000", HexFormat.of().formatHex(broken.getInputStream().readNBytes(4)));
            neighbourPublishes();
            broken.getOutputStream().write(HexFormat.of().parseHex("36ffffffffff"));
            assertEquals(-1, broken.getInputStream().read());
            agent.awaitLine(
                    Pattern.compile("127\\.0\\.0\\.1:" + broken.getLocalPort()
                            + ".*MALFORMED_PACKET.*remaining length.*remedy"),
                    Duration.ofSeconds(10));
        }
        assertTrue(metric("penstock_mqtt_rejected_total\\{reason=\"malformed_packet\".*") > 0);
    }

    @Test
    void aClientThatSpeaksSomethingElseIsToldApart() throws Exception {
        InetSocketAddress mqtt = agent.address("mqtt");
        // The log limits its lines per address: another one than that of the other test.
        try (Socket broken = new Socket(mqtt.getAddress(), mqtt.getPort(), InetAddress.getByName("127.0.0.2"), 0)) {
            broken.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost:1883\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            drain(broken);
            agent.awaitLine(
                    Pattern.compile(
                            "127\\.0\\.0\\.2:" + broken.getLocalPort() + ".*MALFORMED_PACKET.*an HTTP request.*remedy"),
                    Duration.ofSeconds(10));
        }
    }

    @Test
    void anOversizedPublishIsRefusedSinglyAndTheConnectionStays() {
        byte[] tooLarge = new byte[MIB + 1];
        Mqtt5PubAckException refusal = Assertions.assertThrows(
                Mqtt5PubAckException.class,
                () -> neighbour
                        .publishWith()
                        .topic("large")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(tooLarge)
                        .send());
        assertEquals(0x83, refusal.getMqttMessage().getReasonCode().getCode());
        String reason = refusal.getMqttMessage().getReasonString().orElseThrow().toString();
        assertTrue(reason.contains("1048576") || reason.contains("1,048,576") || reason.contains("1 MiB"), reason);
    }

    @Test
    void aBrokenLineOfJsonRefusesTheBodyAndNamesTheLine() throws Exception {
        HttpResponse<String> refused =
                post("application/x-ndjson", "{\"n\":1}\n{\"n\":\n{\"n\":3}\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(400, refused.statusCode());
        assertTrue(refused.body().contains("line 2"), refused::body);
        HttpResponse<String> accepted = post("application/x-ndjson", "{\"n\":4}\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(200, accepted.statusCode(), accepted::body);
        List<String> found = Awaitility.await().until(() -> streams.texts("posted"), r -> !r.isEmpty());
        assertEquals(1, found.size(), found::toString);
        assertTrue(found.get(0).contains("\"n\":4"), found::toString);
        assertTrue(metric("penstock_source_refused_total\\{reason=\"malformed\",source=\"http\".*") > 0);
    }

    @Test
    void anOversizedBodyIsRefusedWithTheLimit() throws Exception {
        HttpResponse<String> refused = post("application/octet-stream", new byte[MIB + 1]);
        assertEquals(413, refused.statusCode());
        assertTrue(refused.body().contains("1048576") || refused.body().contains("1,048,576"), refused::body);
        assertTrue(metric("penstock_source_refused_total\\{reason=\"too_large\",source=\"http\".*") > 0);
    }

    private static void neighbourPublishes() {
        neighbour
                .publishWith()
                .topic("fine")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(("fine " + sent++).getBytes(StandardCharsets.UTF_8))
                .send();
    }

    private HttpResponse<String> post(String type, byte[] body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(agent.http("http").resolve("/v1/streams/posted/records"))
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The sum of the samples whose line, name and labels, is like this. */
    private double metric(String like) throws Exception {
        String scraped = HTTP.send(
                        HttpRequest.newBuilder(agent.http("admin").resolve("/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return scraped.lines()
                .filter(line -> line.matches(like))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void drain(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        socket.getInputStream().readAllBytes();
    }
}
