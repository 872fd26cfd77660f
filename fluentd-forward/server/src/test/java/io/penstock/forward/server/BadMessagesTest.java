package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadMessagesTest {
    private static final ForwardSettings SMALL = ForwardSettings.on().withChunks(64 * 1024, 100, 8, 250);

    @Test
    void aLengthAboveTheChunkLimitIsRefusedFromItsHeadAlone() {
        assertRefused(Refusal.TOO_LARGE, Pack.of().hex("93 a1 74 c6 7fffffff").bytes());
        assertRefused(Refusal.TOO_LARGE, Pack.of().hex("93 a1 74 db ffffffff").bytes());
        assertRefused(
                Refusal.TOO_LARGE,
                Pack.of().hex("94 a1 74 01 81 a1 61 c9 ffffffff").bytes());
    }

    @Test
    void aCountAboveTheChunkLimitIsRefusedFromItsHeadAlone() {
        assertRefused(Refusal.TOO_LARGE, Pack.of().hex("dd ffffffff").bytes());
        assertRefused(Refusal.TOO_LARGE, Pack.of().hex("92 a1 74 dd ffffffff").bytes());
        assertRefused(
                Refusal.TOO_LARGE, Pack.of().hex("94 a1 74 01 df ffffffff").bytes());
    }

    @Test
    void manySmallValuesThatExceedTheChunkLimitTogetherAreRefused() {
        Pack message = Pack.of().array(3).str("t").hex("01").map(3);
        for (int i = 0; i < 3; i++) {
            message.str("k" + i).bin(new byte[30_000]);
        }
        assertRefused(Refusal.TOO_LARGE, message.bytes());
    }

    @Test
    void lengthsInsideOfPackedEntriesThatLieAreRefused() {
        assertRefused(
                Refusal.TRUNCATED,
                packed(Pack.of().hex("92 01 81 a1 61 db 00ffffff").bytes()));
        assertRefused(
                Refusal.TRUNCATED, packed(Pack.of().hex("92 01 df 7fffffff").bytes()));
        assertRefused(
                Refusal.TRUNCATED, packed(Pack.of().hex("92 01 df ffffffff").bytes()));
        assertRefused(
                Refusal.TRUNCATED,
                packed(Pack.of().hex("92 01 81 a1 61 dd ffffffff").bytes()));
        assertRefused(
                Refusal.TRUNCATED, packed(Pack.of().hex("92 01 82 a1 61 01").bytes()));
        assertRefused(Refusal.TRUNCATED, packed(Pack.of().hex("92 01").bytes()));
        assertRefused(Refusal.TRUNCATED, packed(Pack.of().hex("92 d7 00 6553").bytes()));
    }

    @Test
    void everyTruncationOfPackedEntriesIsRefused() {
        byte[] entries = Pack.of().entry(10, 1).entry(11, 2).bytes();
        int boundary = entries.length / 2;
        for (int length = 1; length < entries.length; length++) {
            if (length != boundary) {
                assertRefused(Refusal.TRUNCATED, packed(Arrays.copyOf(entries, length)));
            }
        }
    }

    @Test
    void moreEntriesThanAllowedAreRefused() {
        Pack entries = Pack.of();
        for (int i = 0; i <= 100; i++) {
            entries.entry(10, i);
        }
        assertRefused(Refusal.TOO_MANY_ENTRIES, packed(entries.bytes()));
    }

    @Test
    void wrongTypesAreRefused() {
        assertRefused(Refusal.MALFORMED, Pack.of().hex("93 01 01 80").bytes());
        assertRefused(Refusal.MALFORMED, Pack.of().hex("91 a1 74").bytes(), Refusal.TRUNCATED);
        assertRefused(Refusal.MALFORMED, Pack.of().hex("92 a1 74 01").bytes());
        assertRefused(Refusal.MALFORMED, Pack.of().hex("95 a1 74 01 80 80 80").bytes());
        assertRefused(Refusal.MALFORMED, Pack.of().hex("94 a1 74 01 80 90").bytes());
        assertRefused(
                Refusal.MALFORMED,
                Pack.of().hex("94 a1 74 01 80 81 a5 6368756e6b 01").bytes());
        assertRefused(Refusal.MALFORMED, Pack.of().hex("c1").bytes());
        assertRefused(
                Refusal.MALFORMED, Pack.of().hex("93 a1 74 01 81 a1 61 c1").bytes());
        assertRefused(
                Refusal.MALFORMED, packed(Pack.of().hex("92 01 81 a1 61 c1").bytes()));
        assertRefused(Refusal.MALFORMED, packed(Pack.of().hex("92 01 c1").bytes()));
    }

    /** Its record is what looks like the options: it must not be lost with an acknowledgement. */
    @Test
    void textInPlaceOfTheTimeOfASingleEventIsRefused() {
        assertRefused(
                Refusal.MALFORMED,
                Pack.of().hex("93 a1 74").str("2026-01-02").hex("81 a1 61 01").bytes());
        assertRefused(Refusal.MALFORMED, compressed("gzip", Pack.gzip(new byte[] {1, 2, 3})));
    }

    @Test
    void otherProtocolsAreNamedAtTheirFirstByte() {
        assertTrue(assertRefused(Refusal.MALFORMED, "POST / HTTP/1.1".getBytes())
                .detail()
                .contains("HTTP"));
        assertTrue(assertRefused(Refusal.MALFORMED, "{\"a\":1}".getBytes())
                .detail()
                .contains("JSON"));
        assertTrue(
                assertRefused(Refusal.MALFORMED, (byte) 0x16, (byte) 3).detail().contains("TLS"));
    }

    @ParameterizedTest
    @CsvSource({"1, metrics", "2, traces", "3, blobs", "4, profiles", "5, ?", "255, ?"})
    void signalsThatAreNoLogsAreRefusedByName(int signal, String name) {
        byte[] message = Pack.of()
                .array(3)
                .str("t")
                .bin(new byte[] {1, 2, 3})
                .map(1)
                .str("fluent_signal")
                .hex("cc")
                .number(signal, 1)
                .bytes();

        BadChunkException refused = assertRefused(Refusal.NO_LOG_SIGNAL, message);

        assertTrue(refused.detail().contains("fluent_signal " + signal + " (" + name + ")"), refused.detail());
    }

    @Test
    void anUnknownCompressionIsRefused() {
        assertRefused(Refusal.UNKNOWN_COMPRESSION, compressed("lz4", new byte[10]));
    }

    @Test
    void damagedCompressionIsRefused() {
        byte[] gzip = Pack.gzip(Pack.of().entry(10, 1).bytes());
        for (int length = 0; length < gzip.length; length++) {
            assertRefused(Refusal.BAD_COMPRESSION, compressed("gzip", Arrays.copyOf(gzip, length)));
        }
        byte[] wrongChecksum = gzip.clone();
        wrongChecksum[gzip.length - 5] ^= 1;
        assertRefused(Refusal.BAD_COMPRESSION, compressed("gzip", wrongChecksum));
        byte[] wrongSize = gzip.clone();
        wrongSize[gzip.length - 1] ^= 1;
        assertRefused(Refusal.BAD_COMPRESSION, compressed("gzip", wrongSize));
        assertRefused(
                Refusal.BAD_COMPRESSION,
                compressed("gzip", Pack.of().raw(gzip).ascii("more").bytes()));
        byte[] damagedSecond = Pack.of().raw(gzip).raw(gzip).bytes();
        damagedSecond[gzip.length + 1] ^= 1;
        assertRefused(Refusal.BAD_COMPRESSION, compressed("gzip", damagedSecond));
    }

    @Test
    void damagedZstdIsRefusedWhereverItIsDamaged() {
        byte[] entry = Pack.of().entry(10, 1).bytes();
        ZstdCompressCtx checked = new ZstdCompressCtx().setChecksum(true);
        byte[] frame;
        try (checked) {
            frame = checked.compress(entry);
        }
        byte[] two = Pack.of().raw(frame).raw(frame).bytes();
        for (int length = 1; length < two.length; length++) {
            if (length != frame.length) {
                assertRefused(Refusal.BAD_COMPRESSION, compressed("zstd", Arrays.copyOf(two, length)));
            }
        }
        byte[] wrongChecksum = frame.clone();
        wrongChecksum[frame.length - 1] ^= 1;
        assertRefused(Refusal.BAD_COMPRESSION, compressed("zstd", wrongChecksum));
        byte[] damagedSecond = two.clone();
        damagedSecond[frame.length] ^= 1;
        assertRefused(Refusal.BAD_COMPRESSION, compressed("zstd", damagedSecond));
        assertRefused(
                Refusal.BAD_COMPRESSION,
                compressed("zstd", Pack.of().raw(frame).ascii("more").bytes()));
        assertRefused(
                Refusal.BAD_COMPRESSION,
                compressed("zstd", Pack.of().raw(frame).hex("00").bytes()));
        assertRefused(Refusal.BAD_COMPRESSION, compressed("zstd", Pack.gzip(entry)));
    }

    @Test
    void zstdFramesOneBehindTheOtherAndSkippableOnesAreTaken() throws Exception {
        byte[] skippable = Pack.of().hex("502a4d18 03000000 aabbcc").bytes();
        byte[] frames = Pack.of()
                .raw(skippable)
                .raw(Zstd.compress(Pack.of().entry(10, 1).bytes()))
                .raw(skippable)
                .raw(Zstd.compress(Pack.of().entry(11, 2).bytes()))
                .raw(skippable)
                .bytes();
        try (Wire wire = new Wire(SMALL)) {
            wire.read(compressed("zstd", frames));
            assertEquals(java.util.List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
        }
    }

    @Test
    void gzipAndZstdBombsAreStoppedAtTheChunkLimit() {
        byte[] zeros = new byte[10_000_000];
        assertRefused(Refusal.BOMB, compressed("gzip", Pack.gzip(zeros)));
        assertRefused(Refusal.BOMB, compressed("zstd", Zstd.compress(zeros)));
    }

    @Test
    void aBombBelowTheChunkLimitIsStoppedByItsRatio() {
        ForwardSettings settings = ForwardSettings.on().withChunks(32 * 1024 * 1024, 100, 8, 100);
        byte[] message = compressed("gzip", Pack.gzip(new byte[30_000_000]));

        BadChunkException refused = assertRefused(Refusal.BOMB, settings, message);

        assertTrue(refused.detail().contains("100 times"), refused.detail());
    }

    @Test
    void entriesThatUnpackToExactlyTheLimitAreTaken() throws Exception {
        int limit = SMALL.maxChunkBytes();
        Pack entry = Pack.of().array(2).hex("01").map(1).str("k").hex("c6");
        int head = entry.bytes().length + 4;
        byte[] exact = entry.number(limit - head, 4).raw(new byte[limit - head]).bytes();
        assertEquals(limit, exact.length);

        try (Wire wire = new Wire(SMALL)) {
            wire.read(compressed("gzip", Pack.gzip(exact)));
            assertEquals(1, wire.records.size());
        }
        assertRefused(Refusal.BOMB, compressed("gzip", Pack.gzip(Arrays.copyOf(exact, limit + 1))));
    }

    @Test
    void aTagOrChunkIdOutOfBoundsIsRefused() {
        assertRefused(
                Refusal.TOO_LARGE,
                Pack.of().array(3).str("t".repeat(1025)).hex("01 80").bytes());
        assertRefused(
                Refusal.TOO_LARGE,
                Pack.of()
                        .array(4)
                        .str("t")
                        .hex("01 80")
                        .map(1)
                        .str("chunk")
                        .str("i".repeat(501))
                        .bytes());
    }

    private static byte[] packed(byte[] entries) {
        return Pack.of().array(2).str("t").bin(entries).bytes();
    }

    private static byte[] compressed(String how, byte[] entries) {
        return Pack.of()
                .array(3)
                .str("t")
                .bin(entries)
                .map(1)
                .str("compressed")
                .str(how)
                .bytes();
    }

    private static BadChunkException assertRefused(Refusal refusal, byte... message) {
        return assertRefused(refusal, SMALL, message);
    }

    private static void assertRefused(Refusal refusal, byte[] message, Refusal or) {
        try (Wire wire = new Wire(SMALL)) {
            BadChunkException refused = assertThrows(BadChunkException.class, () -> wire.read(message));
            assertTrue(refused.refusal() == refusal || refused.refusal() == or, refused.detail());
        }
    }

    private static BadChunkException assertRefused(Refusal refusal, ForwardSettings settings, byte[] message) {
        try (Wire wire = new Wire(settings)) {
            BadChunkException refused = assertThrows(BadChunkException.class, () -> wire.read(message));
            assertEquals(refusal, refused.refusal(), refused.detail());
            assertEquals(0, wire.records.size());
            return refused;
        }
    }
}
