package io.penstock.agent.sessions;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.fault.Guard;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.SessionMarks;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogReader;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import io.penstock.mqtt.session.SessionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of listener and bridges in one log beside the spools, in the operations of {@link Op}.
 *
 * <p>An identifier and its publish's record are durable as one, because the record carries the session's mark. The log
 * gets the same with the next entry of its loop; until that is durable, the spool does not lose the record. At a start
 * the log says what was known, and the spools' marks add what it had not yet. What it has and the spool has not is void.
 *
 * <p>Any thread. A log that is damaged is put aside: then all sessions are new, and {@link #condition} says so. If it
 * fails while it is in use, {@code onFailure} is told, and nothing that waits for it is answered.
 */
public final class SessionLog implements SessionStore, SessionMarks, LogListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);
    private static final int READ_BYTES = 1 << 20;
    private static final int STOP_MILLIS = 2_000;
    private static final int TICK_MILLIS = 500;

    /** Sessions that were not written since the start have a lower one. */
    static final int FIRST_GENERATION = 1;

    private final SessionLimits limits;
    private final AgeClock clock;
    private final Function<Spool, Watermark> acknowledged;
    private final Consumer<Throwable> onFailure;
    private final Guard guard = new Guard(LOG);
    private final ScheduledThreadPoolExecutor worker = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "penstock-mqtt-sessions");
        thread.setDaemon(true);
        return thread;
    });
    private final ConcurrentMap<StreamId, StreamState> streams = new ConcurrentHashMap<>();
    private final ConcurrentMap<Watermark, StreamState> byWatermark = new ConcurrentHashMap<>();
    private final ConcurrentMap<EventExecutor, LoopWriter> writers = new ConcurrentHashMap<>();
    private final ConcurrentMap<Long, LoggedSession> sessions = new ConcurrentHashMap<>();
    private final AtomicLong live = new AtomicLong();
    private final Set<Owner> asked = EnumSet.noneOf(Owner.class);
    /** Entries of no loop that wait for room in the log. */
    private final Deque<EntryBlock> aside = new ArrayDeque<>();

    private @Nullable DurableLog log;
    private @Nullable Upkeep upkeep;
    private @Nullable Replay replay = new Replay();
    private int nextStream;
    private long lastAside = -1;
    private volatile int generation = FIRST_GENERATION;
    private volatile boolean damaged;
    private volatile Optional<String> condition = Optional.empty();

    private SessionLog(
            SessionLimits limits,
            AgeClock clock,
            Function<Spool, Watermark> acknowledged,
            Consumer<Throwable> onFailure) {
        this.limits = limits;
        this.clock = clock;
        this.acknowledged = acknowledged;
        this.onFailure = onFailure;
    }

    /**
     * Opens the log in {@code folder}, before the spools, and reads it.
     *
     * @param reserve of free disk space
     * @param acknowledged what the acknowledgement of a record in this spool waits for
     * @param onFailure is told once when the log fails
     * @throws IOException when there can be no log at all
     */
    public static SessionLog open(
            Path folder,
            LogSystem logs,
            SessionLimits limits,
            long reserve,
            Function<Spool, Watermark> acknowledged,
            Consumer<Throwable> onFailure)
            throws IOException {
        LogSettings settings = new LogSettings(limits.maxBytes(), reserve);
        return open(new FolderOpener(logs, folder, settings), limits, logs.clock(), acknowledged, onFailure);
    }

    static SessionLog open(
            LogOpener opener,
            SessionLimits limits,
            AgeClock clock,
            Function<Spool, Watermark> acknowledged,
            Consumer<Throwable> onFailure)
            throws IOException {
        SessionLog opened = new SessionLog(limits, clock, acknowledged, onFailure);
        try {
            opened.read(opener);
        } catch (IOException | IllegalArgumentException unfit) {
            String where = opener.putAside();
            opened.condition = Optional.of("the MQTT sessions of earlier runs are lost, because their log was damaged ("
                    + unfit.getMessage() + "); it is kept in " + where
                    + ". All sessions are new, and QoS 2 publishes that clients repeat now may be stored twice");
            LOG.error("At this start {}", opened.condition.get(), unfit);
            opened.damaged = false;
            opened.replay = new Replay();
            opened.read(opener);
        }
        return opened;
    }

    private void read(LogOpener opener) throws IOException {
        DurableLog opened = opener.open(this);
        Replay found = new Replay();
        try (LogReader reader = opened.reader()) {
            long at = opened.startOffset();
            while (at < opened.durableEnd()) {
                at = reader.read(at, READ_BYTES, (offset, key, timestamp, entry) -> {
                    found.read(entry);
                    return true;
                });
            }
        } catch (IOException | RuntimeException | Error unfit) {
            opened.close();
            throw unfit;
        }
        if (damaged) {
            opened.close();
            throw new IOException("entries cannot be read");
        }
        found.streams.forEach((number, id) -> {
            streams.put(id, new StreamState(number, id, found.storedBelow(number)));
            nextStream = Math.max(nextStream, number + 1);
        });
        log = opened;
        replay = found;
        upkeep = new Upkeep(this, opened.endOffset());
    }

    /** Deletes the log in {@code folder}, if there is one. */
    public static void delete(Path folder) throws IOException {
        FolderOpener.delete(folder);
    }

    // Before sessions are asked for.

    @Override
    public synchronized long opening(Spool spool, long start, long end) {
        StreamState stream = stream(spool);
        Replay known = replay;
        if (known == null || known.sessions.isEmpty()) {
            return Long.MAX_VALUE;
        }
        stream.marked = true;
        EntryBlock released = new EntryBlock(1 << 10, 64 << 20);
        released.begin(EntryBlock.NO_KEY);
        int none = released.size();
        for (Replay.Old old : known.sessions.values()) {
            old.unreleased.entrySet().removeIf(id -> {
                Replay.Place place = id.getValue();
                boolean isVoid = place.stream() == stream.number && place.offset() >= end;
                if (isVoid) {
                    GrowingBytes out = released.entry();
                    out.put(Op.RELEASED);
                    Op.putLong(out, old.number);
                    out.putInt(old.epoch);
                    Op.putShort(out, id.getKey());
                }
                return isVoid;
            });
        }
        if (released.size() > none) {
            // Durable before the spool takes anything in: its new records will have these offsets.
            released.end();
            appendAside(released);
            awaitAside();
        }
        return Math.max(start, known.storedBelow(stream.number));
    }

    private synchronized void awaitAside() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!isAsideDurable() && System.nanoTime() - deadline < 0) {
            try {
                wait(1); // Gives up the monitor, on which nothing is signalled.
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return;
            }
            retryAside();
        }
    }

    @Override
    public synchronized void recovered(StreamId stream, long session, long sequence, int packetId, long offset) {
        Replay known = replay;
        StreamState state = streams.get(stream);
        Replay.Old old = known == null ? null : known.sessions.get(session);
        if (old == null || state == null || sequence <= old.sequence) {
            return;
        }
        old.newest = Math.max(old.newest, sequence);
        old.unreleased.put(packetId, new Replay.Place(state.number, offset));
    }

    @Override
    public synchronized List<Recovered> recovered(Owner owner) {
        List<Recovered> all = new ArrayList<>();
        Replay known = replay;
        if (known != null && asked.add(owner)) {
            for (Replay.Old old : known.sessions.values()) {
                if (old.owner == owner) {
                    all.add(recall(old, known));
                }
            }
            if (asked.size() == Owner.values().length) {
                replay = null;
            }
        }
        return all;
    }

    private Recovered recall(Replay.Old old, Replay known) {
        List<RecoveredId> ids = new ArrayList<>();
        old.unreleased.forEach(
                (packetId, place) -> recall(packetId, place, known).ifPresent(ids::add));
        if (ids.removeIf(id -> id.packetId() == Replay.WILL)) {
            old.details = new byte[0];
        }
        LoggedSession session = new LoggedSession(this, old.number, old.owner, old.name);
        session.recall(old);
        sessions.put(old.number, session);
        Duration since = old.connected ? Duration.ZERO : Duration.ofMillis(clock.ageOf(old.endedAt));
        return new Recovered(old.name, session, old.expirySeconds, since, old.details, ids);
    }

    private Optional<RecoveredId> recall(int packetId, Replay.Place place, Replay known) {
        RecoveredId certain = new RecoveredId(packetId, Watermark.IMMEDIATE, 0);
        StreamId id = known.streams.get(place.stream());
        StreamState stream = id == null ? byNumber(place.stream()) : streams.get(id);
        if (place.stream() == Replay.CERTAIN || stream == null) {
            return Optional.of(certain);
        }
        if (stream.spool == null) {
            // The spool is not there yet. What may be missing in it counts as missing: rather stored twice than lost.
            return place.offset() < known.storedBelow(stream.number) ? Optional.of(certain) : Optional.empty();
        }
        boolean passed = stream.acknowledged.end() > place.offset() || stream.acknowledged.failed();
        return Optional.of(passed ? certain : new RecoveredId(packetId, stream.acknowledged, place.offset()));
    }

    private @Nullable StreamState byNumber(int number) {
        return streams.values().stream()
                .filter(stream -> stream.number == number)
                .findFirst()
                .orElse(null);
    }

    /** Drops the recovered sessions of owners that did not ask for theirs: nothing uses them any more. */
    public void dropUnclaimed() {
        for (Owner owner : Owner.values()) {
            recovered(owner).forEach(unclaimed -> unclaimed.session().drop());
        }
    }

    // For sessions.

    @Override
    public Optional<io.penstock.mqtt.session.KeptSession> begin(
            Owner owner, String name, EventExecutor loop, Content content) {
        LoopWriter writer = writer(loop);
        if (!writer.hasRoom() || !hasSpace(name.length())) {
            return Optional.empty();
        }
        long number = ThreadLocalRandom.current().nextLong();
        LoggedSession session = new LoggedSession(this, number, owner, name);
        sessions.put(number, session);
        session.begin(writer, content, generation);
        return Optional.of(session);
    }

    LoopWriter writer(EventExecutor loop) {
        LoopWriter known = writers.get(loop);
        return known != null ? known : writers.computeIfAbsent(loop, of -> new LoopWriter(of, this));
    }

    /** What is known of the stream of this spool. */
    StreamState stream(Spool spool) {
        StreamState known = streams.get(spool.stream());
        return known != null && known.spool == spool ? known : register(spool);
    }

    private synchronized StreamState register(Spool spool) {
        StreamState stream = streams.get(spool.stream());
        if (stream == null) {
            stream = new StreamState(nextStream++, spool.stream(), 0);
        }
        stream.spool = spool;
        stream.acknowledged = acknowledged.apply(spool);
        streams.put(spool.stream(), stream);
        byWatermark.put(spool.durable(), stream);
        byWatermark.put(spool.delivered(), stream);
        return stream;
    }

    /** The stream whose spool has this watermark; null if none has. */
    @Nullable
    StreamState streamOf(Watermark where) {
        return byWatermark.get(where);
    }

    DurableLog log() {
        DurableLog opened = log;
        if (opened == null) {
            throw new IllegalStateException("the log is not open");
        }
        return opened;
    }

    long now() {
        return clock.millis();
    }

    int generation() {
        return generation;
    }

    void weigh(long change) {
        live.addAndGet(change);
    }

    /** True if sessions may take so many bytes more. */
    boolean hasSpace(long more) {
        return live.get() + more <= limits.mostLive();
    }

    void forget(LoggedSession session) {
        sessions.remove(session.number);
    }

    void dropUnadopted(LoggedSession session) {
        EntryBlock block = new EntryBlock(32, 1 << 10);
        block.begin(EntryBlock.NO_KEY);
        GrowingBytes out = block.entry();
        out.put(Op.DROPPED);
        Op.putLong(out, session.number);
        out.putInt(session.epoch());
        block.end();
        appendAside(block);
    }

    // Upkeep.

    /** Begins the upkeep. After {@link #dropUnclaimed}. */
    public void start() {
        worker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** To be called about twice a second, by one thread. */
    void tick() {
        Upkeep work = upkeep;
        if (work != null) {
            guard.run("The upkeep of the session log", work::tick);
        }
    }

    boolean isLarge() {
        return limits.isLarge(log().sizeBytes(), live.get());
    }

    synchronized boolean hasAdoptedAll() {
        return replay == null;
    }

    Collection<StreamState> streams() {
        return streams.values();
    }

    /** Lets each loop append what it has. */
    Flushed flushAll() {
        return Flushed.of(this, writers.values());
    }

    void renewAll() {
        generation++;
        renewRest();
    }

    void renewRest() {
        int to = generation;
        writers.values().forEach(writer -> execute(writer, () -> writer.renew(to)));
    }

    /** True if every session was written as a whole since the generation began. */
    boolean isRenewed() {
        int of = generation;
        return sessions.values().stream().allMatch(session -> session.generation() >= of);
    }

    void retryStuck() {
        retryAside();
        retryWriters();
    }

    private void retryWriters() {
        for (LoopWriter writer : writers.values()) {
            if (writer.isStuck()) {
                execute(writer, writer::flush);
            }
        }
    }

    /** Runs a task on a loop; a loop that has stopped is forgotten. Returns false if it has. */
    boolean execute(LoopWriter writer, Runnable task) {
        try {
            writer.loop.execute(task);
            return true;
        } catch (RejectedExecutionException stopped) {
            LOG.debug("A loop of MQTT has stopped", stopped);
            writers.remove(writer.loop, writer);
            return false;
        }
    }

    /** Writes the names of all streams and what is stored of them. Returns false if there is no room. */
    boolean writeStreams() {
        Map<StreamState, Long> ends = new HashMap<>();
        streams.values().forEach(stream -> ends.put(stream, stream.storedBelow));
        return write(out -> ends.forEach((stream, end) -> {
            Op.putStream(out, stream.number, stream.id);
            Op.putStored(out, stream.number, end);
        }));
    }

    void writeStored(Collection<StreamState> of) {
        write(out -> of.forEach(stream -> {
            Op.putStream(out, stream.number, stream.id);
            Op.putStored(out, stream.number, stream.storedBelow);
        }));
    }

    private boolean write(Consumer<GrowingBytes> operations) {
        EntryBlock block = new EntryBlock(1 << 10, 16 << 20);
        block.begin(EntryBlock.NO_KEY);
        operations.accept(block.entry());
        block.end();
        return appendAside(block);
    }

    private synchronized boolean appendAside(EntryBlock block) {
        aside.add(block);
        return retryAside();
    }

    private synchronized boolean retryAside() {
        while (!aside.isEmpty()) {
            long entry = log().append(aside.element());
            if (entry == DurableLog.BUSY || entry == DurableLog.FULL) {
                return false;
            }
            aside.remove();
            lastAside = Math.max(lastAside, entry);
        }
        return true;
    }

    /** True if all entries of no loop are durable. */
    synchronized boolean isAsideDurable() {
        return aside.isEmpty() && log().durableEnd() > lastAside;
    }

    // For the spools and the log.

    @Override
    public long neededFrom(StreamId stream) {
        StreamState known = streams.get(stream);
        return known == null || !known.marked ? Long.MAX_VALUE : known.storedBelow;
    }

    @Override
    public void durable(long durableEnd) {
        for (LoopWriter writer : writers.values()) {
            writer.durableUpTo(durableEnd);
        }
    }

    @Override
    public void room() {
        retryWriters(); // What is aside waits for the next tick: this thread must not take the monitor.
    }

    @Override
    public void failed(Throwable cause) {
        writers.values().forEach(writer -> {
            writer.durable.fail();
            writer.room.tell();
        });
        onFailure.accept(cause);
    }

    @Override
    public void damaged(DamagedRange range) {
        damaged = true;
        LOG.error("The log of the sessions is damaged: {}", range);
    }

    /** What an operator should know of it; empty if there is nothing. */
    public Optional<String> condition() {
        return condition;
    }

    /** The number of sessions that survive a restart. */
    public int sessions() {
        return sessions.size();
    }

    /** What the log takes on disk. */
    public long bytes() {
        return log().sizeBytes();
    }

    /** Makes durable what was written. The listener and the bridges must have stopped. */
    @Override
    public void close() throws IOException {
        worker.shutdownNow();
        Flushed flushed = flushAll();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        while (!flushed.isDone() && !flushed.isIncomplete() && System.nanoTime() - deadline < 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        log().close();
    }
}
