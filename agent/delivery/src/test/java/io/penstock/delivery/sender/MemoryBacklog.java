package io.penstock.delivery.sender;

import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.spool.Backlog;
import io.penstock.delivery.spool.Receipts;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.EntryVisitor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A spool in memory. A record may be settled once only. */
final class MemoryBacklog implements Backlog {
    private final List<byte[]> entries = new ArrayList<>();
    private final BitSet settled = new BitSet();
    private final BitSet missing = new BitSet();
    private final int span;
    private Runnable wake = () -> {};
    boolean aggregate;
    /** True if all records are one batch, so that a read continues until the sender ends it. */
    boolean oneBatch;

    /** The next read fails after this number of records. */
    int failsAfter = Integer.MAX_VALUE;

    /** The first offset that is still held: earlier ones were dropped. */
    int kept;

    final Map<Long, Receipts.Receipt> receipts = new HashMap<>();
    long lost;
    long readBytes;

    MemoryBacklog(int span) {
        this.span = span;
    }

    /** Appends a record; with an empty key it is late-bound. */
    long append(String key, String data) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] dataBytes = data.getBytes(StandardCharsets.UTF_8);
        ByteBuffer entry = ByteBuffer.allocate(3 + keyBytes.length + dataBytes.length);
        entry.put((byte) ((key.isEmpty() ? 1 : 0) | (aggregate ? 2 : 0))).putShort((short) keyBytes.length);
        entry.put(keyBytes).put(dataBytes);
        entries.add(entry.array());
        wake.run();
        return entries.size() - 1;
    }

    /** Makes the record one that its request has withdrawn. */
    void withdraw(long offset) {
        entries.get((int) offset)[0] |= 64;
    }

    /** Appends a record with an explicit hash key that asks for a receipt. */
    long appendPinned(String key, String hashKey, String data) {
        EntryBlock block = new EntryBlock(64, 1 << 20);
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] dataBytes = data.getBytes(StandardCharsets.UTF_8);
        Hash128 point = Hash128.parse(hashKey);
        SpooledRecord.beginPinned(block, keyBytes, 0, keyBytes.length, point.high(), point.low(), true);
        block.put(dataBytes, 0, dataBytes.length);
        block.end();
        ByteBuffer bytes = ByteBuffer.allocate(block.size());
        block.copyTo(bytes, 0);
        byte[] entry = new byte[block.size() - EntryBlock.ENTRY_OVERHEAD];
        bytes.get(EntryBlock.ENTRY_OVERHEAD, entry);
        entries.add(entry);
        wake.run();
        return entries.size() - 1;
    }

    /** Drops the records before this offset, as a full spool does. */
    void giveUpBefore(int offset) {
        kept = offset;
        wake.run();
    }

    /** Makes the record unreadable. */
    void damage(int offset) {
        missing.set(offset);
    }

    boolean allSettled() {
        return settled.nextClearBit(0) >= entries.size();
    }

    @Override
    public StreamId stream() {
        return new StreamId("default", "sensors");
    }

    @Override
    public long start() {
        return settled.nextClearBit(0);
    }

    @Override
    public long end() {
        return entries.size();
    }

    @Override
    public long kept() {
        return kept;
    }

    @Override
    public long unsettled() {
        return entries.size() - settled.cardinality();
    }

    @Override
    public int span() {
        return span;
    }

    @Override
    public long read(long fromOffset, int maxBytes, EntryVisitor visitor) throws IOException {
        int bytes = 0;
        int visits = 0;
        for (int offset = (int) Math.max(fromOffset, kept); offset < entries.size(); offset++) {
            if (visits++ == failsAfter) {
                failsAfter = Integer.MAX_VALUE;
                throw new IOException("the disk has hiccups");
            }
            if (missing.get(offset)) {
                continue;
            }
            if (bytes >= maxBytes && !oneBatch) {
                return offset;
            }
            byte[] entry = entries.get(offset);
            bytes += entry.length;
            readBytes += entry.length;
            ByteBuffer framed = ByteBuffer.allocate(entry.length + 7);
            framed.position(5).put(entry, 0, entry.length);
            framed.flip().position(5);
            if (!visitor.visit(offset, -1, 1_000_000 + offset, framed)) {
                return offset + 1;
            }
        }
        return entries.size();
    }

    @Override
    public boolean settled(long offset) {
        return settled.get((int) offset);
    }

    @Override
    public void stored(long offset, Receipts.Receipt receipt) {
        receipts.put(offset, receipt);
    }

    @Override
    public void settle(long offset) {
        if (settled.get((int) offset)) {
            throw new AssertionError("record " + offset + " settled twice");
        }
        settled.set((int) offset);
    }

    @Override
    public void lost(long from, long to) {
        lost += to - from - settled.get((int) from, (int) to).cardinality();
        settled.set((int) from, (int) to);
    }

    @Override
    public long publish(long nowNanos) {
        return Long.MAX_VALUE;
    }

    @Override
    public void onAppended(Runnable newWake) {
        wake = newWake;
    }
}
