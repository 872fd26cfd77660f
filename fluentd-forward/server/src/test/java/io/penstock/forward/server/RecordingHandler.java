package io.penstock.forward.server;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.ack.Room;
import io.penstock.base.ack.Waiter;
import io.penstock.base.ack.Watermark;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.forward.server.internal.message.ReceivedChunk;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every event; says "stored at this offset" or "no room" as a test wants it. */
final class RecordingHandler implements ChunkHandler, Room {
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<byte[]> marks = new CopyOnWriteArrayList<>();
    final List<String> users = new CopyOnWriteArrayList<>();
    final ManualDurability durability = new ManualDurability();
    final Set<Waiter> askedForRoom = ConcurrentHashMap.newKeySet();
    private final MutableRoom told = new MutableRoom();
    volatile int room = Integer.MAX_VALUE;
    volatile String refusal = "";
    /** How much was owed for one chunk at most. */
    volatile int mostOwed;

    private long offset;

    @Override
    public synchronized Receipt take(Chunk chunk) {
        if (!refusal.isEmpty()) {
            return new Receipt.Refused(refusal);
        }
        GrowingBytes json = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        while (true) {
            if (room == 0) {
                return new Receipt.NoRoom(this, this);
            }
            if (!chunk.next()) {
                marks.add(chunk.mark());
                return Receipt.TAKEN;
            }
            room--;
            json.clear();
            if (chunk.fault().isEmpty()) {
                chunk.write(json);
            } else {
                json.ascii(chunk.fault());
            }
            events.add(chunk.tag() + " " + json);
            users.add(chunk.peer().user());
            chunk.stored(durability, offset++);
            mostOwed = Math.max(mostOwed, ((ReceivedChunk) chunk).owed().size());
        }
    }

    /** Room for {@code more} events, told to whoever waits. */
    void makeRoom(int more) {
        room = more;
        told.tell();
    }

    @Override
    public void await(Waiter waiter) {
        told.await(waiter);
        askedForRoom.add(waiter);
    }

    @Override
    public boolean isCrowded(EventExecutor loop) {
        return told.isCrowded(loop);
    }

    int waitingForRoom() {
        return (int) askedForRoom.stream().filter(Waiter::isWaiting).count();
    }

    /** A durability that a test moves by hand. */
    static final class ManualDurability implements Watermark {
        private final MutableWatermark mark = new MutableWatermark();

        void advance(long newEnd) {
            mark.raise(newEnd);
        }

        void fail() {
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
        }
    }
}
