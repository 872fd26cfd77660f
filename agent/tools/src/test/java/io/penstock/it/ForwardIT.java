package io.penstock.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.komamitsu.fluency.Fluency;
import org.komamitsu.fluency.fluentd.FluencyBuilderForFluentd;

@DisplayName("What forward clients send to the real process is acknowledged and found again in its stream")
class ForwardIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECONDS = 1_700_000_000;
    private static final int NANOS = 123_456_789;
    private static final String TIME = "2023-11-14T22:13:20.123456789Z";

    private static AgentProcess agent;
    private static StreamContents streams;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        agent = AgentProcess.run(folder, AgentProcess.FREE_PORTS + """
                routes:
                  - {match: "forward:fluency.**", stream: fluency}
                  - {match: "forward:bit.**", stream: bit}
                  - {match: "forward:d.**", stream: fluentd}
                """);
        streams = new StreamContents(agent.http("kinesis"));
    }

    @AfterAll
    static void stop() throws Exception {
        streams.close();
        agent.terminate();
        assertEquals(0, agent.awaitExit(Duration.ofSeconds(30)), agent::output);
        agent.close();
    }

    @Test
    void fluencyWithAcks() throws Exception {
        int events = 2_000;
        FluencyBuilderForFluentd builder = new FluencyBuilderForFluentd();
        builder.setAckResponseMode(true);
        builder.setFlushAttemptIntervalMillis(50);
        try (Fluency fluency =
                builder.build("127.0.0.1", agent.address("forward").getPort())) {
            for (int n = 0; n < events; n++) {
                fluency.emit("fluency." + n % 3, Map.of("n", n));
            }
            fluency.flush();
            assertTrue(fluency.waitUntilAllBufferFlushed(30));
        }
        Set<String> sent = new TreeSet<>();
        for (int n = 0; n < events; n++) {
            sent.add("fluency." + n % 3 + " " + n);
        }
        assertEquals(sent, tagsAndNumbers(records("fluency", events)));
    }

    /**
     * Out of out_forward of Fluent Bit 2.1 and later: entries with metadata, options in a map32 that begins with chunk.
     */
    @Test
    void bytesAsFluentBitSendsThem() throws Exception {
        byte[] entries = ForwardSender.pack(packer -> {
            for (int n = 0; n < 2; n++) {
                packer.packArrayHeader(2).packArrayHeader(2);
                packer.addPayload(eventTime());
                packer.packMapHeader(0);
                packer.packMapHeader(2).packString("log").packString("line " + n);
                packer.packString("n").packInt(n);
            }
        });
        byte[] gzip = gzip(entries);
        try (ForwardSender sender = new ForwardSender(agent.address("forward"))) {
            sender.send(head("bit.plain", entries.length), entries, fluentBitOptions("a".repeat(32), 2, false));
            sender.send(head("bit.gzip", gzip.length), gzip, fluentBitOptions("b".repeat(32), 2, true));
            assertEquals("a".repeat(32), sender.ack());
            assertEquals("b".repeat(32), sender.ack());
        }
        assertLines("bit", Set.of("bit.plain 0", "bit.plain 1", "bit.gzip 0", "bit.gzip 1"));
    }

    /**
     * Out of Fluentd's out_forward: entries as str32, a write for each part, the id of its buffer's chunk in base64.
     */
    @Test
    void bytesAsFluentdSendsThem() throws Exception {
        byte[] entries = ForwardSender.pack(packer -> {
            for (int n = 0; n < 2; n++) {
                packer.packArrayHeader(2);
                packer.addPayload(eventTime());
                packer.packMapHeader(2).packString("log").packString("line " + n);
                packer.packString("n").packInt(n);
            }
        });
        byte[] gzip = gzip(entries);
        String[] ids = {"BdQwRIx8gXQxGrUNoOkSWw==", "BdQwRIyBk6yCo0rB1vKNzA=="};
        try (ForwardSender sender = new ForwardSender(agent.address("forward"))) {
            sender.send(fluentd("d.plain", entries, ids[0], false));
            sender.send(fluentd("d.gzip", gzip, ids[1], true));
            assertEquals(ids[0], sender.ack());
            assertEquals(ids[1], sender.ack());
        }
        assertLines("fluentd", Set.of("d.plain 0", "d.plain 1", "d.gzip 0", "d.gzip 1"));
    }

    private static byte[] eventTime() {
        return ForwardSender.pack(packer -> packer.packExtensionTypeHeader((byte) 0, 8)
                .addPayload(new byte[] {
                    (byte) (SECONDS >>> 24),
                    (byte) (SECONDS >>> 16),
                    (byte) (SECONDS >>> 8),
                    (byte) SECONDS,
                    (byte) (NANOS >>> 24),
                    (byte) (NANOS >>> 16),
                    (byte) (NANOS >>> 8),
                    (byte) NANOS
                }));
    }

    /** The message's head up to the packed entries, which Fluent Bit sends as bin. */
    private static byte[] head(String tag, int entries) {
        return ForwardSender.pack(
                packer -> packer.packArrayHeader(3).packString(tag).packBinaryHeader(entries));
    }

    private static byte[] fluentBitOptions(String chunk, int size, boolean gzip) {
        return ForwardSender.pack(packer -> {
            packer.addPayload(new byte[] {(byte) 0xdf, 0, 0, 0, (byte) (gzip ? 4 : 3)});
            packer.packString("chunk").packString(chunk);
            packer.packString("size").packInt(size);
            if (gzip) {
                packer.packString("compressed").packString("gzip");
            }
            packer.packString("fluent_signal").packInt(0);
        });
    }

    private static byte[][] fluentd(String tag, byte[] entries, String chunk, boolean gzip) {
        int length = entries.length;
        byte[] head = {(byte) 0xdb, (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        };
        byte[] options = ForwardSender.pack(packer -> {
            packer.packMapHeader(gzip ? 3 : 2);
            if (gzip) {
                packer.packString("compressed").packString("gzip");
            }
            packer.packString("size").packInt(2);
            packer.packString("chunk").packString(chunk);
        });
        return new byte[][] {{(byte) 0x93}, ForwardSender.pack(packer -> packer.packString(tag)), head, entries, options
        };
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static void assertLines(String stream, Set<String> tagsAndNumbers) throws IOException {
        List<JsonNode> found = records(stream, tagsAndNumbers.size());
        assertEquals(tagsAndNumbers, tagsAndNumbers(found));
        for (JsonNode record : found) {
            assertEquals("line " + record.get("n"), record.get("log").asText());
            assertEquals(TIME, record.get("@timestamp").asText());
            assertEquals(5, record.size(), record::toString);
        }
    }

    private static Set<String> tagsAndNumbers(List<JsonNode> records) {
        Set<String> found = new TreeSet<>();
        records.forEach(record -> found.add(record.get("@tag").asText() + " " + record.get("n")));
        return found;
    }

    private static List<JsonNode> records(String stream, int count) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (String text : Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> streams.texts(stream), found -> found.size() >= count)) {
            records.add(JSON.readTree(text));
        }
        assertEquals(count, records.size());
        return records;
    }
}
