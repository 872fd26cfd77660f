package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.ingest.DeadEntryFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Bad bytes on the real process's forward port harm nobody, and the log names who sent them and where")
class ForwardRefusalIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static Path data;
    private static AgentProcess agent;
    private static StreamContents streams;
    private static ForwardSender neighbour;
    private static final Set<String> expected = new TreeSet<>();

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        data = folder.resolve("data");
        agent = AgentProcess.run(folder, AgentProcess.FREE_PORTS);
        streams = new StreamContents(agent.http("kinesis"));
        neighbour = new ForwardSender(agent.address("forward"));
    }

    /** Of all that was sent, only the neighbour's events are in the stream. */
    @AfterAll
    static void stop() throws Exception {
        Awaitility.await().atMost(LIMIT).until(() -> streams.texts("forward").size() >= expected.size());
        Set<String> found = new TreeSet<>();
        for (String record : streams.texts("forward")) {
            found.add(record.replaceAll(".*\"mark\":\"([^\"]*)\".*", "$1"));
        }
        assertEquals(expected, found);
        neighbour.close();
        streams.close();
        agent.terminate();
        assertEquals(0, agent.awaitExit(Duration.ofSeconds(30)), agent::output);
        agent.close();
    }

    /** A reason each: the log says each reason at most once a second. */
    static Stream<Arguments> rows() {
        return Stream.of(
                row("malformed", 0, "POST /app.log HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                row("truncated", 0, hex("93 a1 74 c4 7f 92")),
                row("too_large", 3, hex("93 a1 74 c6 7f ff ff ff")),
                row("too_many_entries", 3, compressed("gzip", gzip(hex("92 00 80"), 1_000_001))),
                row("bad_compression", 3, compressed("gzip", hex("1f 8b 08 00 01 02 03 04"))),
                row("unknown_compression", 3, compressed("lz4", new byte[8])),
                row("bomb", 3, compressed("gzip", gzip(new byte[1 << 20], 64))),
                row(
                        "no_log_signal",
                        8,
                        hex("93 a1 74 c4 01 00 81 ad"),
                        "fluent_signal".getBytes(StandardCharsets.US_ASCII),
                        hex("01")));
    }

    private static Arguments row(String reason, int leastOffset, byte[]... bytes) {
        return Arguments.of(reason, leastOffset, join(bytes));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aBadChunkIsRefusedWithItsReasonAndItsPeerWhileOthersGoOn(String reason, int leastOffset, byte[] bad)
            throws Exception {
        neighbourIsServed("before " + reason);
        double countBefore = refused(reason);
        String name;
        try (ForwardSender sender = new ForwardSender(agent.address("forward"))) {
            name = sender.name();
            sender.send(bad);
            sender.endOfStream();
            assertEquals(0, sender.bytesUntilEnd(), "a bad chunk must not be acknowledged");
        }
        String offset = agent.awaitLine(
                        Pattern.compile("forward: closing " + name + ": " + reason + " at byte (\\d+): .+"), LIMIT)
                .group(1);
        assertTrue(Integer.parseInt(offset) >= leastOffset, offset);
        assertEquals(countBefore + 1, refused(reason));
        neighbourIsServed("after " + reason);
    }

    @Test
    void aBadEntryIsPutAsideAndTheOthersOfItsChunkAreStored() throws Exception {
        try (ForwardSender sender = new ForwardSender(agent.address("forward"))) {
            // [t, [[1, nil], [1, {mark: beside}]], {chunk: id}]
            sender.send(hex("93 a1 74 92 92 01 c0 92 01 81 a4 6d 61 72 6b a6 62 65 73 69 64 65"
                    + " 81 a5 63 68 75 6e 6b a2 69 64"));
            assertEquals("id", sender.ack());
        }
        expected.add("beside");
        String letter = Files.readString(data.resolve("dead-letters").resolve(DeadEntryFile.NAME));
        assertTrue(letter.contains("\"tag\":\"t\",\"reason\":\"its record is nil, not a map\","), letter);
    }

    private static void neighbourIsServed(String mark) throws IOException {
        neighbour.send(ForwardSender.message("t", mark, mark));
        assertEquals(mark, neighbour.ack());
        expected.add(mark);
    }

    private static double refused(String reason) throws Exception {
        String metrics = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(agent.http("admin").resolve("/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        var line = Pattern.compile("penstock_forward_refused_total\\{reason=\"" + reason + "\"} ([0-9.]+)")
                .matcher(metrics);
        assertTrue(line.find(), metrics);
        return Double.parseDouble(line.group(1));
    }

    /** A PackedForward message that says how its entries are compressed. */
    private static byte[] compressed(String how, byte[] entries) {
        return ForwardSender.pack(packer -> {
            packer.packArrayHeader(3).packString("t");
            packer.packBinaryHeader(entries.length).addPayload(entries);
            packer.packMapHeader(1).packString("compressed").packString(how);
        });
    }

    private static byte[] gzip(byte[] piece, int times) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < times; i++) {
                gzip.write(piece);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return packed.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
