package io.penstock.agent.fakes;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Receipts;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpoolClaim;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.BlockEntries;
import io.penstock.journal.EntryBlock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A spool whose watermarks move when the test says so, and whose room is what the test says. */
public final class FakeSpool implements Spool {
    private final StreamId stream;
    private final List<ByteBuffer> entries = new ArrayList<>();
    private final FakeRoom room = new FakeRoom();
    private List<ByteBuffer> refused = List.of();
    private long answer;
    private int appends;
    private boolean unseen;
    private boolean throwing;
    private int busyFrom = Integer.MAX_VALUE;
    private final Receipts receipts = new Receipts();

    public final Mark durable = new Mark();
    public final Mark delivered = new Mark();

    public FakeSpool(StreamId stream) {
        this.stream = stream;
    }

    /** From now on every append gets {@code refusal}; 0 takes them. */
    public synchronized void refuse(long refusal) {
        answer = refusal;
        unseen = false;
        if (refusal == 0) {
            tellOfRoom();
        }
    }

    /** As {@link #refuse}, and nothing tells of it before an append: the spool has filled up this moment. */
    public synchronized void refuseUnseen(long refusal) {
        refuse(refusal);
        unseen = true;
    }

    /** The next append throws, as one with a defect would. */
    public synchronized void throwOnce() {
        throwing = true;
    }

    /** Lets those who wait try again. */
    public void tellOfRoom() {
        room.told.tell();
    }

    /** The data of the first entry that was refused last. */
    public synchronized String refused() {
        return new String(SpooledRecord.data(refused.get(0)), StandardCharsets.UTF_8);
    }

    @Override
    public StreamId stream() {
        return stream;
    }

    @Override
    public synchronized long append(EntryBlock block) {
        appends++;
        if (throwing) {
            throwing = false;
            throw new IllegalStateException("a defect of the spool");
        }
        if (answer != 0) {
            refused = List.copyOf(BlockEntries.of(block));
            return answer;
        }
        entries.addAll(BlockEntries.of(block));
        return entries.size() - 1L;
    }

    /** One thread uses the spool until the claim is decided. */
    @Override
    public SpoolClaim claim(EntryBlock block) {
        long offset = append(block);
        return offset < 0 && offset != DROPPED ? SpoolClaim.refused(offset) : new Claimed(offset, block.count());
    }

    private final class Claimed implements SpoolClaim {
        private final long offset;
        private final int records;

        Claimed(long offset, int records) {
            this.offset = offset;
            this.records = records;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public void store() {
            // append has done it
        }

        @Override
        public void withdraw() {
            synchronized (FakeSpool.this) {
                if (offset >= 0) {
                    entries.subList((int) offset + 1 - records, (int) offset + 1)
                            .clear();
                }
            }
        }
    }

    @Override
    public synchronized boolean mayTake(int bytes) {
        return bytes < busyFrom;
    }

    /** From now on blocks of so many bytes find no memory. */
    public synchronized void busyFrom(int bytes) {
        busyFrom = bytes;
    }

    @Override
    public synchronized long refusal() {
        return !unseen && (answer == FULL || answer == FAILED) ? answer : 0;
    }

    @Override
    public Watermark durable() {
        return durable;
    }

    @Override
    public Watermark delivered() {
        return delivered;
    }

    @Override
    public Receipts receipts() {
        return receipts;
    }

    @Override
    public Room whenRoom() {
        return room;
    }

    public int wantingRoom() {
        return waiting(room.asked);
    }

    private static int waiting(Set<Waiter> asked) {
        return (int) asked.stream().filter(Waiter::isWaiting).count();
    }

    public synchronized int appends() {
        return appends;
    }

    public synchronized int size() {
        return entries.size();
    }

    public synchronized List<String> data() {
        return entries.stream()
                .map(entry -> new String(SpooledRecord.data(entry), StandardCharsets.UTF_8))
                .toList();
    }

    /** Which entries have a mark. */
    public synchronized List<Boolean> marked() {
        return entries.stream()
                .map(entry -> SpooledRecord.mark(entry).length > 0)
                .toList();
    }

    public synchronized byte[] mark(int index) {
        return SpooledRecord.mark(entries.get(index));
    }

    public synchronized byte[] bytes(int index) {
        return SpooledRecord.data(entries.get(index));
    }

    /** The partition key, or {@code late} when the sender is to choose. */
    public synchronized List<String> keys() {
        return entries.stream()
                .map(entry -> SpooledRecord.lateBound(entry)
                        ? "late"
                        : new String(SpooledRecord.key(entry), StandardCharsets.UTF_8))
                .toList();
    }

    /** Everything appended is durable. */
    public void force() {
        durable.advance(size());
    }

    private static final class FakeRoom implements Room {
        final MutableRoom told = new MutableRoom();
        final Set<Waiter> asked = ConcurrentHashMap.newKeySet();

        @Override
        public void await(Waiter waiter) {
            told.await(waiter);
            asked.add(waiter);
        }

        @Override
        public boolean isCrowded(EventExecutor loop) {
            return told.isCrowded(loop);
        }
    }

    /** A watermark that the test moves. */
    public static final class Mark implements Watermark {
        private final MutableWatermark mark = new MutableWatermark();
        private final Set<Waiter> asked = ConcurrentHashMap.newKeySet();

        public synchronized void advance(long to) {
            mark.raise(to);
        }

        public void fail() {
            mark.fail();
        }

        @Override
        public long end() {
            return mark.end();
        }

        @Override
        public boolean failed() {
            return mark.failed();
        }

        @Override
        public void await(long offset, Waiter waiter) {
            mark.await(offset, waiter);
            asked.add(waiter);
        }

        public int waiting() {
            return FakeSpool.waiting(asked);
        }
    }
}
