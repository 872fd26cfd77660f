package io.penstock.forward.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ArrayValue;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;

class EntryWriterTest {
    private final EntryWriter writer = new EntryWriter(1 << 20);

    private ArrayValue read() throws Exception {
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(writer.array(), 0, writer.length())) {
            ArrayValue value = unpacker.unpackValue().asArrayValue();
            assertFalse(unpacker.hasNext());
            return value;
        }
    }

    @Test
    void theTimeIsAnEventTimeInNanoseconds() throws Exception {
        writer.begin(4_000_000_000L, 999_999_999).end();

        assertEquals(
                ValueFactory.newExtension(
                        (byte) 0, new byte[] {(byte) 0xee, 0x6b, 0x28, 0, 0x3b, (byte) 0x9a, (byte) 0xc9, (byte) 0xff}),
                read().get(0));
    }

    @Test
    void mapsAndListsNest() throws Exception {
        writer.begin(1, 2)
                .name("a")
                .map()
                .name("b")
                .list()
                .value(1)
                .value("x")
                .nil()
                .close()
                .close()
                .name("c")
                .value(true)
                .name("d")
                .value(1.5)
                .end();

        assertEquals(
                "{\"a\":{\"b\":[1,\"x\",null]},\"c\":true,\"d\":1.5}",
                read().get(1).toJson());
    }

    @Test
    void anyValueReadsBackAsItWasWritten() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            List<Value> expected = new ArrayList<>();
            writer.begin(random.nextInt(), 0).name("v").list();
            for (int n = random.nextInt(40); n > 0; n--) {
                switch (random.nextInt(3)) {
                    case 0:
                        long number = random.nextLong() >> random.nextInt(64);
                        writer.value(number);
                        expected.add(ValueFactory.newInteger(number));
                        break;
                    case 1:
                        String text = text(random);
                        writer.value(text);
                        expected.add(ValueFactory.newString(text.getBytes(StandardCharsets.UTF_8)));
                        break;
                    default:
                        byte[] utf8 = text(random).getBytes(StandardCharsets.UTF_8);
                        writer.utf8(utf8, 0, utf8.length);
                        expected.add(ValueFactory.newString(utf8));
                }
            }
            writer.close().end();

            Value read = read().get(1).asMapValue().map().get(ValueFactory.newString("v"));
            assertEquals(ValueFactory.newArray(expected), read, "seed " + seed + ", event " + i);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(random.nextInt(20) == 0 ? 70_000 : 300);
        boolean wide = random.nextInt(4) == 0;
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    wide && random.nextInt(5) == 0
                            ? (random.nextBoolean()
                                    ? 0x80 + random.nextInt(0xd000)
                                    : 0x10000 + random.nextInt(0x100000))
                            : random.nextInt(0x80));
        }
        return text.toString();
    }

    @Test
    void halfASurrogatePairBecomesTheReplacementCharacter() throws Exception {
        writer.begin(1, 0).name("v").value("a\ud83db\ude00").end();

        assertEquals("{\"v\":\"a\ufffdb\ufffd\"}", read().get(1).toString());
    }

    @Test
    void whatIsLargerThanTheBoundOverflowsAndTheNextEventIsFineAgain() throws Exception {
        EntryWriter small = new EntryWriter(2_000);
        small.begin(1, 0)
                .name("v")
                .value("x".repeat(3_000))
                .name("w")
                .map()
                .name("z")
                .value(1)
                .close()
                .end();
        assertTrue(small.overflowed());
        small.begin(1, 0).name("v").value("x".repeat(1_500)).end();
        assertFalse(small.overflowed());
    }

    @Test
    void moreFieldsThanAMap16HoldsOverflow() {
        EntryWriter large = new EntryWriter(1 << 20);
        large.begin(1, 0).name("v").list();
        for (int i = 0; i < 70_000; i++) {
            large.nil();
        }
        large.close().end();
        assertTrue(large.overflowed());
    }

    @Test
    void aMapLeftOpenIsAMistakeOfTheCaller() {
        writer.begin(1, 0).name("v").map();
        assertThrows(IllegalStateException.class, writer::end);
    }

    @Test
    void recurringTextsAreThemselvesHoweverManyThereAre() throws Exception {
        EntryWriter writer = new EntryWriter(64 * 1024);
        for (int round = 0; round < 3; round++) {
            writer.begin(1, 0);
            for (int n = 0; n < 300; n++) {
                writer.name("name\u00e4" + n).recurring("value" + n);
            }
            writer.end();
            try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(writer.array(), 0, writer.length())) {
                String json = unpacker.unpackValue().asArrayValue().get(1).toJson();
                for (int n = 0; n < 300; n++) {
                    assertTrue(json.contains("\"name\u00e4" + n + "\":\"value" + n + "\""), json);
                }
            }
        }
    }
}
