package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics and traces, which Fluent Bit sends over the forward protocol as it sends logs. */
class OtherSignalsTest {
    private final RecordingHandler handler = new RecordingHandler();
    private final RecordingEvents events = new RecordingEvents();
    private ForwardServer server;

    private void start(OtherSignals others) throws IOException {
        handler.durability.advance(Long.MAX_VALUE);
        server = ForwardServer.start(
                ForwardSettings.on(new InetSocketAddress("127.0.0.1", 0)).withOtherSignals(others), handler, events);
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Packed as Fluent Bit packs them: what is inside is a format of its own. */
    private static byte[] signal(int signal, String id, boolean gzip) {
        byte[] inside = Pack.of().map(1).str("meta").map(0).bytes();
        Pack message = Pack.of().array(3).str("t").bin(gzip ? Pack.gzip(inside) : inside);
        message.map(gzip ? 3 : 2).str("chunk").str(id);
        if (gzip) {
            message.str("compressed").str("gzip");
        }
        return message.str("fluent_signal").hex("d3").number(signal, 8).bytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void areAcknowledgedAndThrownAwayBesideLogsWhenTold(int signal) throws Exception {
        start(OtherSignals.DROP);
        try (RawClient client = new RawClient(server)) {
            client.send(signal(signal, "a", false));
            client.send(Pack.chunk("t", "b", 1));
            client.send(signal(signal, "c", true));
            byte[] acks = Pack.of()
                    .raw(Pack.ack("a"))
                    .raw(Pack.ack("b"))
                    .raw(Pack.ack("c"))
                    .bytes();
            assertArrayEquals(acks, client.receive(acks.length));
        }
        assertEquals(List.of("t {\"n\":0}"), handler.events);
        assertEquals(2, events.droppedSignals.size());
        assertTrue(events.refused.isEmpty());
    }

    @Test
    void asEntriesOfFluentdsFormAreThrownAwayToo() throws Exception {
        start(OtherSignals.DROP);
        try (RawClient client = new RawClient(server)) {
            client.send(Pack.of()
                    .array(3)
                    .str("t")
                    .array(1)
                    .entry(10, 1)
                    .map(2)
                    .str("fluent_signal")
                    .hex("01")
                    .str("chunk")
                    .str("a")
                    .bytes());
            assertArrayEquals(Pack.ack("a"), client.receive(Pack.ack("a").length));
        }
        assertEquals(List.of(), handler.events);
        assertEquals(List.of("metrics"), events.droppedSignals);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 255, -1})
    void ofANumberWithoutANameAreRefusedAllTheSame(int signal) throws Exception {
        start(OtherSignals.DROP);
        try (RawClient client = new RawClient(server)) {
            client.send(signal(signal, "a", false));
            assertEquals(0, client.receiveAll().length);
        }
        assertEquals(Refusal.NO_LOG_SIGNAL, events.refused.get(0).refusal());
    }

    @Test
    void areRefusedUnlessTold() throws Exception {
        start(OtherSignals.REFUSE);
        try (RawClient client = new RawClient(server)) {
            client.send(signal(1, "a", false));
            assertEquals(0, client.receiveAll().length);
        }
        assertEquals(Refusal.NO_LOG_SIGNAL, events.refused.get(0).refusal());
        assertTrue(events.refused.get(0).detail().contains("metrics"));
    }
}
