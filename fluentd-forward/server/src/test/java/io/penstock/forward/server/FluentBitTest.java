package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.server.internal.msgpack.BadChunkException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as Fluent Bit 5.1.1 sent them, byte for byte; how they were recorded stands in the file. */
class FluentBitTest {
    private static final Map<String, byte[]> RECORDED = read("fluent-bit-5.1.1.txt");

    private static Map<String, byte[]> read(String name) {
        try (InputStream file = FluentBitTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 2))
                    .collect(Collectors.toMap(
                            line -> line[0], line -> HexFormat.of().parseHex(line[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "forward, m.plain, plain_ack, 2, 1796031810.328676599, i/Z/TwlRKc21OTgvIpDLLA==",
        "no-ack, m.noack, noack, 1, 1796031817.541938019, ''",
        "gzip, m.gzip, gzip_ack, 2, 1796031824.700439127, qS33o0mQIHIX/rbP01M2ZQ==",
        "gzip-without-metadata, m.nometagz, nometa_gzip, 1, 1796031874.586118914, WQxcc27DhxsAwm2vYJqJhQ==",
        "time-as-integer, m.compat, compat, 1, 1796031840.0, 9rS0CP+dNc7sYGLrbx48+w==",
        "dynamic-tag, msg.warn, message, 1, 1796031853.576946263, /GTQK7SEbvuS4x+DR8jtyA==",
        "add-option, m.opt, option, 1, 1796031895.553347504, YAgwe/DV/7iQYloA6vPujQ==",
    })
    void eachWayOfSendingBringsTheSameEvent(
            String way, String tag, String name, int events, String firstTime, String id) throws Exception {
        try (Wire wire = new Wire()) {
            wire.read(RECORDED.get(way));

            assertEquals(Collections.nCopies(events, tag), wire.tags);
            assertEquals(firstTime, wire.times.get(0));
            String event = "{\"case\":\"" + name
                    + "\",\"level\":\"warn\",\"n\":1.5,\"deep\":{\"a\":[1,null,true]},\"u\":\"äö\"}";
            assertEquals(Collections.nCopies(events, event), wire.records);
            assertEquals(List.of(), wire.faults);
            assertArrayEquals(id.isEmpty() ? new byte[0] : Pack.ack(id), wire.acks.get(0));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "metadata, {\"case\":\"meta\"}",
        "dynamic-tag-metadata, '{\"case\":\"meta_message\",\"level\":\"w\"}'",
        "opentelemetry-envelope, '{\"case\":\"otel-true-text\",\"n\":1}'"
    })
    void metadataAndTheMarkersOfGroupsAreLeftOut(String way, String event) throws Exception {
        try (Wire wire = new Wire()) {
            wire.read(RECORDED.get(way));

            assertEquals(List.of(event), wire.records);
            assertEquals(List.of(), wire.faults);
            assertEquals(1, wire.acks.size());
        }
    }

    @Test
    void severalGroupsInOneCompressedChunkAreTakenApart() throws Exception {
        try (Wire wire = new Wire()) {
            wire.read(RECORDED.get("opentelemetry-envelope-gzip"));

            assertEquals(Collections.nCopies(2, "{\"case\":\"otel-true-gzip\",\"n\":1}"), wire.records);
            assertEquals(List.of(), wire.faults);
        }
    }

    @ParameterizedTest
    @CsvSource({"metrics, 1", "traces, 2"})
    void whatIsNoLogIsRefusedByName(String signal, int number) {
        try (Wire wire = new Wire()) {
            BadChunkException refused = assertThrows(BadChunkException.class, () -> wire.read(RECORDED.get(signal)));

            assertEquals(Refusal.NO_LOG_SIGNAL, refused.refusal());
            assertTrue(refused.detail().contains("fluent_signal " + number + " (" + signal + ")"), refused.detail());
        }
    }

    /** Its chunk id is a hash of the content: the same line in the same second has the same id, and is new. */
    @ParameterizedTest
    @ValueSource(strings = {"fixed-timestamp", "access-log"})
    void theSameLineAgainIsStoredAgainWhereResentChunksAreRecognised(String chunk) throws Exception {
        RecordingHandler handler = new RecordingHandler();
        RecordingEvents events = new RecordingEvents();
        handler.durability.advance(Long.MAX_VALUE);
        ForwardSettings settings =
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0)).withRecent(new RecentChunks(10_000));
        try (ForwardServer server = ForwardServer.start(settings, handler, events);
                RawClient client = new RawClient(server)) {
            for (int i = 0; i < 40; i++) {
                client.send(RECORDED.get(chunk));
                client.receive(Pack.ack("sPT/0tJFsOvaW/emu1LsXw==").length);
            }

            assertEquals(40, handler.events.size());
            assertEquals(0, events.recognised.get());
        }
    }
}
