package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forward.server.internal.message.EntryCursor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An entry that can be no record is told apart from the others of its chunk, which are taken. */
class BadEntriesTest {
    private static final ForwardSettings EIGHT_LEVELS = ForwardSettings.on().withChunks(64 * 1024, 100, 8, 100);
    private static final String GOOD = "9201 81a16e01";
    private static final String ALSO_GOOD = "9202 81a16e02";

    private static byte[] forward(String entries, int count) {
        return Pack.of().hex("92 a1 74").array(count).hex(entries).bytes();
    }

    private static byte[] packed(String entries) {
        return Pack.of().hex("92 a1 74").bin(Pack.of().hex(entries).bytes()).bytes();
    }

    private static byte[] gzipped(String entries) {
        return Pack.of()
                .hex("93 a1 74")
                .bin(Pack.gzip(Pack.of().hex(entries).bytes()))
                .map(1)
                .str("compressed")
                .str("gzip")
                .bytes();
    }

    @ParameterizedTest
    @CsvSource({
        "92 a0 80, 'its time is a string, not EventTime, an integer or a float'",
        "92 c3 80, 'its time is a boolean, not EventTime, an integer or a float'",
        "92 81 01 02 80, 'its time is a map, not EventTime, an integer or a float'",
        "92 d6 00 00000001 80, 'its time is an extension, not EventTime, an integer or a float'",
        "92 01 c0, 'its record is nil, not a map'",
        "92 01 a2 6869, 'its record is a string, not a map'",
        "92 01 91 80, 'its record is an array, not a map'",
        "90, 'it is an array of 0, not of a time and a record'",
        "91 01, 'it is an array of 1, not of a time and a record'",
        "93 01 80 80, 'it is an array of 3, not of a time and a record'",
        "92 91 01 80, 'its head is not an array of a time and metadata'",
        "92 93 01 80 80 80, 'its head is not an array of a time and metadata'",
        "92 92 a0 80 80, 'its time is a string, not EventTime, an integer or a float'",
        "92 92 01 80 c0, 'its record is nil, not a map'",
        "92 01 81a16181a16181a16181a16181a16181a16181a16181a16181a16101, 'its record is nested deeper than 8 levels'",
        "92 01 82a161 81a16181a16181a16181a16181a16181a16181a161 82a16101a16202 a16203, 'its record is nested deeper than 8 levels'",
    })
    void oneBadEntryLeavesTheOthersOfItsChunkWhole(String entry, String fault) throws Exception {
        String entries = GOOD + entry + ALSO_GOOD;
        List<byte[]> messages = List.of(forward(entries, 3), packed(entries), gzipped(entries));
        for (byte[] message : messages) {
            try (Wire wire = new Wire(EIGHT_LEVELS)) {
                wire.read(message);
                assertEquals(List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
                assertEquals(List.of(fault + " " + entry.replace(" ", "")), wire.faults);
            }
        }
    }

    @Test
    void aBadMessageOfItsOwnIsItsEntry() throws Exception {
        try (Wire wire = new Wire(EIGHT_LEVELS)) {
            wire.read(Pack.of().hex("93 a1 74 c3 80").bytes());
            wire.read(Pack.of().hex("93 a1 74 01 c0").bytes());
            wire.read(
                    Pack.of().hex("93 a1 74 01").hex("81a161".repeat(9) + "01").bytes());
            wire.read(
                    Pack.of().hex("93 a1 74 01").hex("81a161".repeat(8) + "01").bytes());
            assertEquals(1, wire.records.size(), "as deep as allowed");
            assertEquals(
                    List.of(
                            "its time is a boolean, not EventTime, an integer or a float 92c380",
                            "its record is nil, not a map 9201c0",
                            "its record is nested deeper than 8 levels 9201" + "81a161".repeat(9) + "01"),
                    wire.faults);
        }
    }

    /**
     * With options behind the record no other reading is left, and without an acknowledgement it would come for ever.
     */
    @Test
    void whateverIsInPlaceOfTheTimeOfAMessageWithOptionsIsABadEntry() throws Exception {
        try (Wire wire = new Wire(EIGHT_LEVELS)) {
            wire.read(Pack.of()
                    .hex("94 a1 74")
                    .str("2026")
                    .hex("81a16101 81 a5 6368756e6b a1 31")
                    .bytes());
            wire.read(Pack.of().hex("94 a1 74 c4 01 92 80 80").bytes());
            wire.read(Pack.of().hex("94 a1 74 91 9201 80 80 80").bytes());
            assertEquals(List.of(), wire.records);
            assertEquals(
                    List.of(
                            "its time is a string, not EventTime, an integer or a float 92a43230323681a16101",
                            "its time is binary, not EventTime, an integer or a float 92c4019280",
                            "its time is an array, not EventTime, an integer or a float 929192018080"),
                    wire.faults);
        }
    }

    /** The limit of levels is one of records, not of what is skipped. */
    @Test
    void depthCostsNothingWhereNoRecordIs() throws Exception {
        String deep = "91".repeat(20_000) + "c0";
        try (Wire wire = new Wire(EIGHT_LEVELS)) {
            wire.read(Pack.of().hex("94 a1 74 01 81a16e01 81 a1 78").hex(deep).bytes());
            wire.read(forward("92 92 01" + deep + "81a16e02", 1));
            wire.read(forward("92 01" + deep, 1));
            assertEquals(List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
            assertEquals(1, wire.faults.size());
        }
    }

    @Test
    void scalarsAmongTheEntriesAreBadEntriesToo() throws Exception {
        try (Wire wire = new Wire(EIGHT_LEVELS)) {
            wire.read(forward("c0" + GOOD, 2));
            wire.read(packed(ALSO_GOOD + "c0"));
            assertEquals(List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
            assertEquals(2, wire.faults.size());
        }
    }

    @Test
    void anEntryIsHandedOutAsItCame() throws Exception {
        EntryCursor cursor = new EntryCursor(8, 10, () -> Wire.NOW);
        byte[] bytes = Pack.of().hex(GOOD).hex("92 a0 80").bytes();
        cursor.check(bytes, 0, bytes.length);
        cursor.next();
        assertEquals("", cursor.fault());
        cursor.next();
        assertArrayEquals(Pack.of().hex("92 a0 80").bytes(), cursor.entry());
    }
}
