package io.penstock.delivery.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.journal.EntryBlock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SpooledRecordTest {
    private static ByteBuffer entry(int... bytes) {
        ByteBuffer entry = ByteBuffer.allocate(bytes.length + 5);
        entry.position(3);
        for (int each : bytes) {
            entry.put((byte) each);
        }
        return entry.flip().position(3);
    }

    @Test
    void keyAndDataAreReadFromTheFormatAsItIsDrawn() {
        ByteBuffer entry = entry(0, 0, 2, 'k', 'y', 'd', 'a', 't', 'a');
        assertFalse(SpooledRecord.lateBound(entry));
        assertArrayEquals("ky".getBytes(StandardCharsets.UTF_8), SpooledRecord.key(entry));
        assertArrayEquals("data".getBytes(StandardCharsets.UTF_8), SpooledRecord.data(entry));
        assertEquals(3, entry.position(), "the entry is left as it was");
    }

    @Test
    void aLateBoundRecordHasNoKey() {
        ByteBuffer entry = entry(1, 0, 0, 'd');
        assertTrue(SpooledRecord.lateBound(entry));
        assertEquals(0, SpooledRecord.key(entry).length);
        assertArrayEquals(new byte[] {'d'}, SpooledRecord.data(entry));
    }

    @Test
    void anExplicitHashKeyStandsBeforeTheKey() {
        ByteBuffer entry = entry(4, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xff, 0, 0, 0, 0, 0, 0, 9, 'k', 'd');
        assertTrue(SpooledRecord.pinned(entry));
        assertEquals(new Hash128(0x0102030405060708L, 0xff00000000000009L), SpooledRecord.explicitHashKey(entry));
        assertArrayEquals(new byte[] {'k'}, SpooledRecord.key(entry));
        assertArrayEquals(new byte[] {'d'}, SpooledRecord.data(entry));
        assertArrayEquals(new byte[] {'k', 'd'}, SpooledRecord.keyAndData(entry));
        assertFalse(SpooledRecord.wantsReceipt(entry));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        EntryBlock block = new EntryBlock(1 << 10, 1 << 16);
        byte[] key = {'x', 'k'};
        SpooledRecord.beginPinned(block, key, 1, 1, -2, 3, true);
        block.put((byte) 'd');
        block.end();
        SpooledRecord.beginLateBound(block, true, true);
        block.end();
        ByteBuffer bytes = ByteBuffer.allocate(block.size());
        block.copyTo(bytes, 0);
        ByteBuffer first = bytes.slice(8, bytes.getInt(4));
        assertEquals(new Hash128(-2, 3), SpooledRecord.explicitHashKey(first));
        assertTrue(SpooledRecord.wantsReceipt(first));
        assertArrayEquals(new byte[] {'k'}, SpooledRecord.key(first));
        assertArrayEquals(new byte[] {'d'}, SpooledRecord.data(first));
        ByteBuffer second = bytes.slice(16 + bytes.getInt(4), 3);
        assertTrue(SpooledRecord.wantsReceipt(second) && SpooledRecord.lateBound(second));
        assertTrue(SpooledRecord.aggregate(second));
        assertFalse(SpooledRecord.pinned(second));
    }

    @Test
    void aKeyLengthIsReadWithoutSign() {
        byte[] key = "x".repeat(1_000).getBytes(StandardCharsets.UTF_8);
        ByteBuffer entry = ByteBuffer.allocate(3 + key.length);
        entry.put((byte) 0).putShort((short) key.length).put(key).flip();
        assertArrayEquals(key, SpooledRecord.key(entry));
        assertEquals(0, SpooledRecord.data(entry).length);
    }

    @Test
    void keysThatKinesisWouldRefuseAreRefused() {
        EntryBlock block = new EntryBlock(1 << 10, 1 << 16);
        assertThrows(IllegalArgumentException.class, () -> SpooledRecord.begin(block, ""));
        assertThrows(IllegalArgumentException.class, () -> SpooledRecord.begin(block, "x".repeat(257)));
        SpooledRecord.begin(block, "🐘".repeat(256));
        block.end();
        assertEquals(1, block.count());
    }

    @Test
    void aMarkIsNoPartOfTheRecord() {
        EntryBlock block = new EntryBlock(64, 1 << 10);
        byte[] mark = "twenty-four bytes of it!".getBytes(StandardCharsets.UTF_8);
        SpooledRecord.begin(block, "ky", true);
        block.put((byte) 'a');
        block.end();
        SpooledRecord.begin(block, "ky", true);
        block.put((byte) 'b');
        block.end();
        SpooledRecord.mark(block, mark);
        assertEquals(2, block.count());
        ByteBuffer batch = ByteBuffer.allocate(block.size());
        block.copyTo(batch, 0);
        int first = batch.getInt(4);
        ByteBuffer second = batch.slice(first + 16, batch.getInt(first + 12));
        assertEquals(SpooledRecord.MARK_KEY, batch.getInt(first + 8));
        assertEquals(EntryBlock.NO_KEY, batch.getInt(0));
        assertArrayEquals(mark, SpooledRecord.mark(second));
        assertArrayEquals(new byte[] {'b'}, SpooledRecord.data(second));
        assertArrayEquals("kyb".getBytes(StandardCharsets.UTF_8), SpooledRecord.keyAndData(second));
        assertTrue(SpooledRecord.aggregate(second) && !SpooledRecord.lateBound(second));
        assertEquals(0, SpooledRecord.mark(batch.slice(8, first)).length);
    }

    @Test
    void aBlockWithoutARecordTakesNoMark() {
        EntryBlock block = new EntryBlock(64, 1 << 10);
        assertThrows(IllegalStateException.class, () -> SpooledRecord.mark(block, new byte[24]));
        SpooledRecord.beginLateBound(block);
        assertThrows(IllegalStateException.class, () -> SpooledRecord.mark(block, new byte[24]));
    }
}
