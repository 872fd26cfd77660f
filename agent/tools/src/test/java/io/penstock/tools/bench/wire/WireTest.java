package io.penstock.tools.bench.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Wires understand answers, however they are cut")
class WireTest {
    private static final String RUN = "00c0ffee";
    private static final EventText TEXT = new EventText(RUN, 40);

    private final Heard heard = new Heard();

    @Test
    void mqttFiveTakesTheServersReceiveMaximumAndReasonCodes() {
        // CONNACK with Maximum QoS and Receive Maximum 7; PUBACK of 1; PUBACK of 2 with reason 0x97.
        deliver(mqtt(5, 1), hex("2008000005" + "2401" + "210007" + "40020001" + "4003000297"));
        assertEquals(List.of("ready 7", "acknowledged 0", "release 0", "refused 1: refused, reason 0x97"), heard.said);
    }

    @Test
    void mqttExactlyOnceIsAcknowledgedByPubrecAndOverWithPubcomp() {
        deliver(mqtt(4, 2), hex("20020000" + "50020003" + "70020003"));
        assertEquals(List.of("ready 100", "acknowledged 2", "release 2"), heard.said);
        assertEquals("62020003", HexFormat.of().formatHex(bytes(heard.out)));
    }

    @Test
    void mqttRefusalOfTheConnectionHasItsReason() {
        deliver(mqtt(4, 1), hex("20020005"));
        assertEquals(List.of("broken: connection refused by the server, reason 0x05"), heard.said);
    }

    @Test
    void mqttFiveKeepsASessionForAMinuteAndEndsItWithTheRun() {
        Wire wire = new MqttWire(new MqttLoad(5, 2, 100, "t", true), TEXT, RUN, 0);
        ByteBuf sent = Unpooled.buffer();
        wire.greet(sent);
        wire.farewell(sent);
        String clientId = HexFormat.of().formatHex("bench-00c0ffee-0".getBytes(StandardCharsets.US_ASCII));
        assertEquals(
                "1022" + "00044d515454" + "05000000" + "05110000003c" + "0010" + clientId + "e007000511" + "00000000",
                HexFormat.of().formatHex(bytes(sent)));
    }

    @Test
    void mqttThreeKeepsASessionWithoutCleanSession() {
        ByteBuf sent = Unpooled.buffer();
        new MqttWire(new MqttLoad(4, 2, 100, "t", true), TEXT, RUN, 0).greet(sent);
        assertEquals(
                "101c00044d51545404000000",
                HexFormat.of().formatHex(bytes(sent)).substring(0, 24));
    }

    @Test
    void forwardAcknowledgementsNameTheirChunk() {
        ForwardWire wire =
                new ForwardWire(new ForwardLoad(ForwardLoad.Mode.PACKED, 10, true, 8, "bench"), TEXT, RUN, 12);
        deliver(wire, acks("00c0ffee-12-00000003", "00c0ffee-12-00000000"));
        assertEquals(List.of("acknowledged 3", "release 3", "acknowledged 0", "release 0"), heard.said);
    }

    @Test
    void forwardWithASharedKeyIsRefusedWithTheReason() {
        ForwardWire wire =
                new ForwardWire(new ForwardLoad(ForwardLoad.Mode.PACKED, 10, true, 8, "bench"), TEXT, RUN, 0);
        wire.read(Unpooled.wrappedBuffer(hex("92a448454c4f80")), heard);
        assertEquals(List.of("broken: the server wants a shared key, which the bench has not"), heard.said);
    }

    @Test
    void httpAnswersBelow300AcknowledgeAndOthersAreQuoted() {
        String answers = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
                + "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 10\r\n\r\nspool\nfull";
        deliver(new HttpWire(new HttpLoad("s", 1), TEXT, RUN, "h", 1, 0), answers.getBytes(StandardCharsets.US_ASCII));
        assertEquals(List.of("acknowledged 0", "release 0", "refused 0: HTTP 503: spool full"), heard.said);
    }

    /** Byte by byte, the hardest cut there is. */
    private void deliver(Wire wire, byte[] answers) {
        ByteBuf in = Unpooled.buffer();
        for (byte octet : answers) {
            in.writeByte(octet);
            wire.read(in, heard);
        }
        assertEquals(0, in.readableBytes());
    }

    private static MqttWire mqtt(int version, int qos) {
        return new MqttWire(new MqttLoad(version, qos, 100, "t", false), TEXT, RUN, 0);
    }

    private static byte[] acks(String... ids) {
        ByteBuf out = Unpooled.buffer();
        for (String id : ids) {
            MsgpackWriter.smallMap(out, 1);
            MsgpackWriter.string(out, "ack".getBytes(StandardCharsets.US_ASCII));
            MsgpackWriter.string(out, id.getBytes(StandardCharsets.US_ASCII));
        }
        return bytes(out);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** Writes down what it is told. */
    private static final class Heard implements Wire.Answers {
        private final List<String> said = new ArrayList<>();
        private final ByteBuf out = Unpooled.buffer();

        @Override
        public void ready(int window) {
            said.add("ready " + window);
        }

        @Override
        public void acknowledged(int slot) {
            said.add("acknowledged " + slot);
        }

        @Override
        public void release(int slot) {
            said.add("release " + slot);
        }

        @Override
        public void refused(int slot, String reason) {
            said.add("refused " + slot + ": " + reason);
        }

        @Override
        public void broken(String reason) {
            said.add("broken: " + reason);
        }

        @Override
        public ByteBuf out() {
            return out;
        }
    }
}
