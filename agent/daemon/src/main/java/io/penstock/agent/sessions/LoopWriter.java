package io.penstock.agent.sessions;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.MutableRoom;
import io.penstock.base.ack.MutableWatermark;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * What the sessions of one event loop write to the session log: collected during a turn of the loop, and appended as one
 * entry after it if an answer waits for some of it. Operations are numbered; {@link #durable} says how many are on disk.
 *
 * <p>If the log has no room, entries wait here. {@link #hasRoom} then keeps further publishes out, so what waits is
 * bounded by the identifiers that can still be released. It does so before the log is full, too.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LoopWriter {
    private static final int FIRST_BLOCK = 4 << 10;
    private static final int KEPT_BLOCK = 256 << 10;
    private static final int MOST_BLOCK = 16 << 20;

    /** An entry of this size is appended at once. */
    private static final int FULL = 128 << 10;

    private static final int MOST_WAITING = 1 << 20;

    /** Sessions that are written anew in one task of the loop. */
    private static final int SLICE = 64;

    final EventExecutor loop;
    final SessionMark mark;
    final MutableWatermark durable = new MutableWatermark();
    final MutableRoom room = new MutableRoom();
    private final SessionLog store;
    private final Set<LoggedSession> sessions = Collections.newSetFromMap(new IdentityHashMap<>());
    private final BitSet named = new BitSet();
    private final Deque<Sealed> waiting = new ArrayDeque<>();
    private EntryBlock block = new EntryBlock(FIRST_BLOCK, MOST_BLOCK);
    private boolean begun;
    private boolean scheduled;
    private long written;
    private long waitingBytes;

    private final AppendedEntries appended = new AppendedEntries();

    private volatile long lastEntry = -1;
    private volatile boolean stuck;
    private volatile boolean crowded;

    private record Sealed(EntryBlock block, long written) {}

    LoopWriter(EventExecutor loop, SessionLog store) {
        this.loop = loop;
        this.store = store;
        this.mark = new SessionMark(store.streams());
    }

    void add(LoggedSession session) {
        assert OwnerCheck.isOn(loop);
        sessions.add(session);
    }

    void remove(LoggedSession session) {
        assert OwnerCheck.isOn(loop);
        sessions.remove(session);
    }

    /** True if a session may begin, connect or take a publish. */
    boolean hasRoom() {
        return !crowded && mayWait();
    }

    private boolean mayWait() {
        return !stuck || waitingBytes < MOST_WAITING;
    }

    /** Begins an operation on a session; {@link #done} or {@link #noted} ends it. */
    GrowingBytes begin(byte op, LoggedSession session) {
        assert OwnerCheck.isOn(loop);
        GrowingBytes out = entry();
        out.put(op);
        Op.putLong(out, session.number);
        out.putInt(session.epoch());
        return out;
    }

    private GrowingBytes entry() {
        if (!begun) {
            block.begin(EntryBlock.NO_KEY);
            begun = true;
        }
        return block.entry();
    }

    /** Ends an operation. Returns its number: it is durable once {@link #durable} has passed it. */
    long done() {
        noted();
        return last();
    }

    /**
     * Ends an operation that no answer waits for. It is appended with the next one that has to be, or with the next
     * {@link #flush}, so that it costs no force of its own.
     */
    void noted() {
        written++;
        if (block.size() >= FULL) {
            flush();
        }
    }

    /** The number of the last operation, for which an answer waits; -1 if there is none. */
    long last() {
        if (begun && !scheduled) {
            scheduled = true;
            try {
                loop.execute(this::turn);
            } catch (RejectedExecutionException stopping) {
                turn();
            }
        }
        return written - 1;
    }

    /** Writes the name of a stream before its first use; between operations. */
    void name(StreamState stream) {
        if (!named.get(stream.number)) {
            named.set(stream.number);
            Op.putStream(entry(), stream.number, stream.id);
        }
    }

    private void turn() {
        scheduled = false;
        flush();
    }

    /** Appends what has been collected, as far as there is room. */
    void flush() {
        if (begun) {
            block.end();
            begun = false;
            waiting.add(new Sealed(block, written));
            waitingBytes += block.size();
            if (appendWaiting()) {
                block.clear(KEPT_BLOCK);
            } else {
                block = new EntryBlock(FIRST_BLOCK, MOST_BLOCK);
            }
        } else if (!waiting.isEmpty()) {
            appendWaiting();
        }
    }

    /** Returns true if nothing waits any more. */
    private boolean appendWaiting() {
        while (!waiting.isEmpty()) {
            Sealed next = waiting.getFirst();
            long entry = append(next.block);
            if (entry < 0) {
                return false;
            }
            waiting.removeFirst();
            waitingBytes -= next.block.size();
            taken(entry, next.written);
        }
        if (stuck) {
            stuck = false;
            room.tell();
        }
        return true;
    }

    /** The log may have been truncated. */
    void retry() {
        flush();
        if (crowded && !isLogCrowded()) {
            crowded = false;
            room.tell();
        }
    }

    private long append(EntryBlock full) {
        DurableLog log = store.log();
        long entry = log.append(full);
        if (entry == DurableLog.BUSY || entry == DurableLog.FULL) {
            stuck = true; // Before the second try: a signal of room after that try finds this set.
            entry = log.append(full);
        }
        if (entry == DurableLog.CLOSED || entry == DurableLog.TOO_LARGE) {
            durable.fail();
        }
        return entry;
    }

    private boolean isLogCrowded() {
        return store.live().isCrowded(store.log().sizeBytes());
    }

    private void taken(long entry, long upTo) {
        lastEntry = entry;
        if (isLogCrowded()) {
            crowded = true; // until retry
        }
        appended.add(entry, upTo);
        durableUpTo(store.log().durableEnd());
    }

    /** Entries of the log below {@code end} are durable. Any thread. */
    void durableUpTo(long end) {
        long upTo = appended.removeBelow(end);
        if (upTo >= 0) {
            durable.raise(upTo);
        }
    }

    /** True if something waits for room in the log. Any thread. */
    boolean isStuck() {
        return stuck;
    }

    /** True if {@link #retry} may help. Any thread. */
    boolean isHeld() {
        return stuck || crowded;
    }

    /** The last entry that the log took; -1 if none. Any thread. */
    long lastEntry() {
        return lastEntry;
    }

    /** Writes all sessions of the loop anew that were not since {@code generation} began, some in each task. */
    void renew(int generation) {
        int left = SLICE;
        for (Iterator<LoggedSession> each = sessions.iterator(); each.hasNext() && mayWait(); ) {
            LoggedSession session = each.next();
            if (session.generation() < generation) {
                session.writeWhole(generation);
                if (--left == 0) {
                    loop.execute(() -> renew(generation));
                    return;
                }
            }
        }
    }
}
