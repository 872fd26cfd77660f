package io.penstock.forward.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.forward.server.internal.connection.Handshake;
import io.penstock.forward.server.internal.message.MessageScanner;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What must hold for any bytes at all, and bytes to begin with. The entry of Jazzer, which {@code
 * fluentd-forward/server/bench/fuzz} runs; {@link FuzzTest} tries some in each build.
 */
public final class ForwardFuzz {
    private static final ForwardSettings SETTINGS =
            ForwardSettings.on().withChunks(256 * 1024, 1_000, 16, 100).withOtherSignals(OtherSignals.DROP);
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Credentials CREDENTIALS = new Credentials(
            "server",
            List.of(new Credentials.HostKey(Network.parse("0.0.0.0/0").orElseThrow(), "key")),
            Map.of("user", "password"),
            Duration.ofSeconds(1));

    private static final byte[] ENTRIES = Pack.of()
            .entry(10, 1)
            .hex(
                    "92 92 d7 00 6553f100 00000000 81 a1 6d 01 83 a1 61 93 01 cb 3fb999999999999a a3 616263 a1 62 81 a1 63 c0")
            .hex("a1 64 c7 03 05 010203")
            .hex("92 ce 6553f100 81 c4 01 ff df 00000001 92 01 02 c3")
            .bytes();

    static final List<byte[]> MESSAGES = List.of(
            Pack.of()
                    .array(4)
                    .str("tag")
                    .time(10, 0)
                    .map(1)
                    .str("n")
                    .hex("d2 00000001")
                    .map(2)
                    .str("chunk")
                    .str("id")
                    .str("x")
                    .array(2)
                    .hex("01 02")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("tag")
                    .hex("dd 00000003")
                    .raw(ENTRIES)
                    .hex("df 00000001")
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("tag")
                    .bin(ENTRIES)
                    .map(1)
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("tag")
                    .bin(Pack.gzip(ENTRIES))
                    .map(2)
                    .str("compressed")
                    .str("gzip")
                    .str("chunk")
                    .str("id")
                    .bytes(),
            Pack.of()
                    .array(3)
                    .str("tag")
                    .bin(com.github.luben.zstd.Zstd.compress(ENTRIES))
                    .map(1)
                    .str("compressed")
                    .str("zstd")
                    .bytes(),
            Pack.of()
                    .ascii("[\"tag\",[[1.5,{\"a\":\"\\u00e9\\n\",\"b\":[true,null,-1e3]}],[2,{}]],{\"chunk\":\"id\"}]\n"
                            + "[\"tag\",1700000000,{\"n\":18446744073709551615}]")
                    .bytes(),
            Pack.of()
                    .array(6)
                    .str("PING")
                    .str("host")
                    .hex("b0 ff fe 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d")
                    .str("0".repeat(128))
                    .str("user")
                    .str("")
                    .bytes());

    /** Words that the bytes may contain, as libFuzzer's dictionaries have them. */
    private static final List<String> WORDS = List.of(
            "\\xa5chunk",
            "\\xaacompressed",
            "\\xa4gzip",
            "\\xa4zstd",
            "\\xa4text",
            "\\xa6source",
            "\\xadfluent_signal",
            "\\xa4PING",
            "\\x01",
            "[[",
            "}]",
            "{\\x22",
            "\\x22,",
            "\\\\ud83d\\\\ude00",
            "true",
            "null",
            "1e5",
            "\\xd7\\x00",
            "\\xc7\\x08\\x00",
            "\\x1f\\x8b\\x08",
            "\\x28\\xb5\\x2f\\xfd",
            "\\xc4",
            "\\xc6",
            "\\xdb",
            "\\xdd",
            "\\xdf",
            "\\xcb",
            "\\xca",
            "\\xcf",
            "\\xd3");

    /** How the bytes of one connection fared. */
    record Outcome(List<String> records, List<String> times, List<String> tags, List<String> faults, String refusal) {
        boolean isRefused() {
            return !refusal.isEmpty();
        }
    }

    private ForwardFuzz() {}

    /** The first two bytes say how JSON is written and where the rest is cut into two reads. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(data, 2, data.length);
        JsonDialect[] dialects = JsonDialect.values();
        check(bytes, bytes.length * (data[1] & 0xff) / 255, dialects[(data[0] & 0xff) % dialects.length]);
        login(bytes);
    }

    /**
     * Anything but a chunk taken or a {@link BadChunkException} with a reason, memory that is not given back, a record
     * that is no JSON or larger than it may become, and another outcome when the bytes come in two reads is an error.
     */
    static Outcome check(byte[] bytes, int cut, JsonDialect dialect) {
        Outcome whole = read(dialect, bytes);
        Outcome inTwo = read(dialect, Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
        if (!whole.equals(inTwo)) {
            throw new AssertionError("cut at " + cut + ": " + inTwo + " instead of " + whole);
        }
        for (String record : whole.records()) {
            if (record.length() > 12 * SETTINGS.maxChunkBytes()) {
                throw new AssertionError("a record of " + record.length() + " characters");
            }
            try {
                JSON.readTree(record);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + record, e);
            }
        }
        return whole;
    }

    private static Outcome read(JsonDialect dialect, byte[]... reads) {
        try (Wire wire = new Wire(SETTINGS)) {
            wire.dialect = dialect;
            String refusal = "";
            try {
                for (byte[] read : reads) {
                    wire.read(read);
                }
            } catch (BadChunkException e) {
                if (e.detail().isEmpty() || e.at() < 0) {
                    throw new AssertionError("a refusal without place or reason", e);
                }
                refusal = e.refusal().label();
            }
            return new Outcome(
                    List.copyOf(wire.records),
                    List.copyOf(wire.times),
                    List.copyOf(wire.tags),
                    List.copyOf(wire.faults),
                    refusal);
        }
    }

    private static void login(byte[] bytes) {
        try {
            MessageScanner scanner = new MessageScanner(Handshake.MAX_PING);
            if (scanner.advance(bytes, 0, bytes.length)) {
                new Handshake(CREDENTIALS, InetAddress.getLoopbackAddress()).answer(bytes, 0, scanner.length());
            }
        } catch (BadChunkException refused) {
            if (refused.detail().isEmpty()) {
                throw new AssertionError("a refusal without a reason", refused);
            }
        }
    }

    /** Writes what Jazzer may begin with: a folder of messages and a dictionary. */
    public static void main(String[] folderAndDictionary) throws IOException {
        Path folder = Files.createDirectories(Path.of(folderAndDictionary[0]));
        int n = 0;
        for (byte[] message : MESSAGES) {
            for (byte dialect = 0; dialect < JsonDialect.values().length; dialect++) {
                Files.write(
                        folder.resolve("message-" + n++),
                        Pack.of().raw(dialect, (byte) 255).raw(message).bytes());
            }
        }
        Files.write(
                Path.of(folderAndDictionary[1]),
                WORDS.stream().map(word -> '"' + word + '"').toList());
    }
}
