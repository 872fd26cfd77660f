package io.penstock.agent.fakes;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.SpooledRecord;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.BlockEntries;
import io.penstock.journal.EntryBlock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A spool whose watermarks move when the test says so, and whose room is what the test says. */
public final class FakeSpool implements Spool {
    private final StreamId stream;
    private final List<ByteBuffer> entries = new ArrayList<>();
    private final Map<Runnable, EventExecutor> wantingRoom = new ConcurrentHashMap<>();
    private List<ByteBuffer> refused = List.of();
    private long answer;
    private int appends;
    private boolean throwing;

    public final Mark durable = new Mark();
    public final Mark delivered = new Mark();

    public FakeSpool(StreamId stream) {
        this.stream = stream;
    }

    /** From now on every append gets {@code refusal}; 0 takes them. */
    public synchronized void refuse(long refusal) {
        answer = refusal;
        if (refusal == 0) {
            tellOfRoom();
        }
    }

    /** The next append throws, as one with a defect would. */
    public synchronized void throwOnce() {
        throwing = true;
    }

    /** Lets those who wait try again. */
    public synchronized void tellOfRoom() {
        Map<Runnable, EventExecutor> told = Map.copyOf(wantingRoom);
        wantingRoom.clear();
        told.forEach((listener, loop) -> loop.execute(listener));
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

    @Override
    public Watermark durable() {
        return durable;
    }

    @Override
    public Watermark delivered() {
        return delivered;
    }

    @Override
    public synchronized void onRoom(EventExecutor executor, Runnable listener) {
        if (answer == 0) {
            executor.execute(listener);
        } else {
            wantingRoom.put(listener, executor);
        }
    }

    public int wantingRoom() {
        return wantingRoom.size();
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

    /** A watermark that the test moves. */
    public static final class Mark implements Watermark {
        private final Map<Runnable, EventExecutor> waiting = new ConcurrentHashMap<>();
        private volatile long end;
        private volatile boolean failed;

        public synchronized void advance(long to) {
            end = to;
            tell();
        }

        public synchronized void fail() {
            failed = true;
            tell();
        }

        private void tell() {
            waiting.forEach((listener, loop) -> loop.execute(listener));
            waiting.clear();
        }

        @Override
        public long end() {
            return end;
        }

        @Override
        public boolean failed() {
            return failed;
        }

        @Override
        public synchronized void onAdvance(EventExecutor executor, Runnable listener) {
            waiting.put(listener, executor);
        }

        public int waiting() {
            return waiting.size();
        }
    }
}
