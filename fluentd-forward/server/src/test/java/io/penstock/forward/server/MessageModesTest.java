package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.luben.zstd.Zstd;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageModesTest {
    private final Wire wire = new Wire();

    @AfterEach
    void allMemoryIsGivenBack() {
        wire.close();
    }

    @Test
    void messageModeAsLoggersForRubyAndNodeSendIt() throws Exception {
        // ["app.login", 1441588984, {"user": "ada"}, {"chunk": "p8n9gmxTQVC8/nh2wlKKeQ=="}]
        wire.read(Pack.of()
                .hex("94 a9 6170702e6c6f67696e ce 55ece638 81 a4 75736572 a3 616461 81 a5 6368756e6b b8")
                .ascii("p8n9gmxTQVC8/nh2wlKKeQ==")
                .bytes());

        assertEquals(List.of("app.login"), wire.tags);
        assertEquals(List.of("1441588792.0"), wire.times);
        assertEquals(List.of("{\"user\":\"ada\"}"), wire.records);
        assertArrayEquals(Pack.ack("p8n9gmxTQVC8/nh2wlKKeQ=="), wire.acks.get(0));
    }

    @Test
    void forwardModeWithAnArray32OfEntriesAndWithoutOptions() throws Exception {
        wire.read(
                Pack.of().hex("92 a1 74 dd 00000002").entry(10, 1).entry(11, 2).bytes());

        assertEquals(List.of("10.0", "11.0"), wire.times);
        assertEquals(List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
        assertEquals(0, wire.acks.get(0).length, "no ack is wanted");
    }

    @Test
    void packedForwardAsFluentdSendsItWithBin32AndSizeAndChunk() throws Exception {
        byte[] entries = Pack.of().entry(10, 1).entry(11, 2).bytes();

        wire.read(Pack.of()
                .hex("93 a1 74 c6")
                .number(entries.length, 4)
                .raw(entries)
                .map(2)
                .str("size")
                .hex("02")
                .str("chunk")
                .str("id")
                .bytes());

        assertEquals(List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
        assertArrayEquals(Pack.ack("id"), wire.acks.get(0));
    }

    @Test
    void packedForwardAsFluentBitSendsItWithMap32OptionsChunkFirstAndMetadata() throws Exception {
        byte[] entries = Pack.of()
                .hex("92 92 d7 00 6553f100 075bcd15 80 81 a3 6c6f67 a2 6869") // [[EventTime, {}], {"log": "hi"}]
                .bytes();

        wire.read(Pack.of()
                .hex("93 a3 6b7562 c6")
                .number(entries.length, 4)
                .raw(entries)
                .hex("df 00000003")
                .str("chunk")
                .hex("d9 20")
                .ascii("0123456789abcdef0123456789abcdef")
                .str("size")
                .hex("01")
                .str("fluent_signal")
                .hex("00")
                .bytes());

        assertEquals(List.of("kub"), wire.tags);
        assertEquals(List.of("1700000000.123456789"), wire.times);
        assertEquals(List.of("{\"log\":\"hi\"}"), wire.records);
        // The id goes back in the bytes in which it came: str8 here.
        assertArrayEquals(
                Pack.of()
                        .hex("81 a3 61636b d9 20")
                        .ascii("0123456789abcdef0123456789abcdef")
                        .bytes(),
                wire.acks.get(0));
    }

    @Test
    void packedForwardAsFluencySendsItWithEntriesAsStrAndBytesInSize() throws Exception {
        byte[] entries = Pack.of().entry(10, 1).entry(11, 2).bytes();

        wire.read(Pack.of()
                .hex("93 a1 74 da")
                .number(entries.length, 2)
                .raw(entries)
                .map(2)
                .str("chunk")
                .str("id")
                .str("size")
                .hex("cd")
                .number(entries.length, 2)
                .bytes());

        assertEquals(List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
    }

    @Test
    void compressedPackedForwardOfSeveralGzipMembers() throws Exception {
        byte[] both = Pack.of()
                .raw(Pack.gzip(Pack.of().entry(10, 1).bytes()))
                .raw(Pack.gzip(Pack.of().entry(11, 2).entry(12, 3).bytes()))
                .bytes();

        wire.read(Pack.of()
                .array(3)
                .str("t")
                .bin(both)
                .map(1)
                .str("compressed")
                .str("gzip")
                .bytes());

        assertEquals(List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"), wire.records);
    }

    @Test
    void compressedPackedForwardOfSeveralZstdFrames() throws Exception {
        byte[] both = Pack.of()
                .raw(Zstd.compress(Pack.of().entry(10, 1).bytes()))
                .raw(Zstd.compress(Pack.of().entry(11, 2).bytes()))
                .bytes();

        wire.read(Pack.of()
                .array(3)
                .str("t")
                .bin(both)
                .map(1)
                .str("compressed")
                .str("zstd")
                .bytes());

        assertEquals(List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
    }

    @Test
    void gzipWithEveryOptionalPartOfItsHeader() throws Exception {
        byte[] plain = Pack.gzip(Pack.of().entry(10, 1).bytes());
        byte[] member = Pack.of()
                .hex("1f8b08 1e 00000000 00 ff") // FHCRC, FEXTRA, FNAME, FCOMMENT
                .hex("0300 aabbcc")
                .ascii("name")
                .hex("00")
                .ascii("comment")
                .hex("00 e108")
                .raw(java.util.Arrays.copyOfRange(plain, 10, plain.length))
                .bytes();

        wire.read(Pack.of()
                .array(3)
                .str("t")
                .bin(member)
                .map(1)
                .str("compressed")
                .str("gzip")
                .bytes());

        assertEquals(List.of("{\"n\":1}"), wire.records);
    }

    @Test
    void compressedTextMeansNotCompressed() throws Exception {
        byte[] entries = Pack.of().entry(10, 1).bytes();

        wire.read(Pack.of()
                .array(3)
                .str("t")
                .bin(entries)
                .map(1)
                .str("compressed")
                .str("text")
                .bytes());

        assertEquals(List.of("{\"n\":1}"), wire.records);
    }

    @Test
    void eachFormOfTime() throws Exception {
        wire.read(Pack.of()
                .array(2)
                .str("t")
                .hex("dc 000b")
                .hex("92 d7 00 6553f100 00000001 80") // fixext8
                .hex("92 c7 08 00 6553f100 00000002 80") // ext8
                .hex("92 ce 6553f100 80") // uint32
                .hex("92 d3 000000006553f100 80") // int64
                .hex("92 cb 41d954fc40200000 80") // 1700000000.5 as float64
                .hex("92 ca 42f6e666 80") // 123.45 as float32
                .hex("92 07 80") // positive fixint
                .hex("92 d1 fff6 80") // ten seconds before 1970
                .hex("92 c0 80") // nil: now
                .hex("92 00 80") // zero: now
                .hex("92 cf ffffffffffffffff 80") // no calendar knows it: now
                .bytes());

        String now = "1770091506.789000000";
        assertEquals(
                List.of(
                        "1700000000.1",
                        "1700000000.2",
                        "1700000000.0",
                        "1700000000.0",
                        "1700000000.500000000",
                        "123.449996948",
                        "7.0",
                        "-10.0",
                        now,
                        now,
                        now),
                wire.times);
    }

    @Test
    void fluentBitsGroupMarkersAreNoEvents() throws Exception {
        byte[] entries = Pack.of()
                .hex("92 92 d7 00 ffffffff 00000000 81 a1 67 01 80") // group start
                .hex("92 92 d7 00 6553f100 00000000 80 81 a1 6e 01")
                .hex("92 92 d7 00 fffffffe 00000000 80 80") // group end
                .bytes();

        wire.read(Pack.of().array(2).str("t").bin(entries).bytes());

        assertEquals(List.of("{\"n\":1}"), wire.records);
    }

    @Test
    void unknownAndNilOptionsAreIgnored() throws Exception {
        wire.read(Pack.of()
                .array(4)
                .str("t")
                .hex("01")
                .map(0)
                .map(5)
                .str("future")
                .array(2)
                .map(1)
                .hex("01 02")
                .str("x")
                .hex("07")
                .hex("c3") // an integer as name
                .str("chunk")
                .hex("c0")
                .str("compressed")
                .hex("c0")
                .str("source")
                .str("log4j")
                .bytes());
        wire.read(Pack.of().array(4).str("t").hex("02").map(0).hex("c0").bytes());

        assertEquals(List.of("{}", "{}"), wire.records);
        assertEquals(List.of("log4j", ""), wire.sources);
        assertEquals(0, wire.acks.get(0).length);
    }

    @Test
    void anEmptyChunkAndTheNilHeartbeatAreFine() throws Exception {
        wire.read(Pack.of().hex("c0 92 a1 74 c4 00 c0 92 a1 74 90").bytes());

        assertEquals(List.of(), wire.records);
        assertEquals(2, wire.acks.size());
    }

    @Test
    void aChunkIdInBinaryIsAnsweredInBinary() throws Exception {
        wire.read(Pack.of().hex("94 a1 74 01 80 81 a5 6368756e6b c4 02 fffe").bytes());

        assertArrayEquals(Pack.of().hex("81 a3 61636b c4 02 fffe").bytes(), wire.acks.get(0));
    }
}
