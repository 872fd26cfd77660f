package io.penstock.agent.sessions;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.base.fault.Guard;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.SessionMarks;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogListener;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.SessionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * gets the same with a later entry of its loop; until that is durable, the spool does not lose the record. At a start
 * the log says what was known, and the spools' marks add what it had not yet. What it has and the spool has not is void.
 *
 * <p>Any thread. A log that is damaged is put aside: then all sessions are new, and {@link #condition} says so. If it
 * fails while it is in use, {@code onFailure} is told, and nothing that waits for it is answered.
 */
public final class SessionLog implements SessionStore, SessionMarks, LogListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);
    private static final Duration STOP = Duration.ofSeconds(2);
    private static final int TICK_MILLIS = 500;

    /** Sessions that were not written since the start have a lower one. */
    static final int FIRST_GENERATION = 1;

    private final SessionLimits limits;
    private final AgeClock clock;
    private final Consumer<Throwable> onFailure;
    private final Guard guard = new Guard(LOG);
    private final ScheduledThreadPoolExecutor worker = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "penstock-mqtt-sessions");
        thread.setDaemon(true);
        return thread;
    });
    private final MarkedStreams streams;
    private final LoopWriters writers = new LoopWriters(this);
    private final ConcurrentMap<Long, LoggedSession> sessions = new ConcurrentHashMap<>();
    private final AtomicLong live = new AtomicLong();
    private final AtomicInteger generation = new AtomicInteger(FIRST_GENERATION);
    private volatile @Nullable Opened opened;
    private volatile Optional<String> condition = Optional.empty();

    /** What there is once the log was read. */
    private record Opened(DurableLog log, LooseEntries loose, EarlierSessions earlier, Upkeep upkeep) {}

    private SessionLog(
            SessionLimits limits,
            AgeClock clock,
            Function<Spool, Watermark> acknowledged,
            Consumer<Throwable> onFailure) {
        this.limits = limits;
        this.clock = clock;
        this.onFailure = onFailure;
        this.streams = new MarkedStreams(acknowledged);
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
        SessionLog store = new SessionLog(limits, clock, acknowledged, onFailure);
        try {
            store.read(opener);
        } catch (IOException | IllegalArgumentException unfit) {
            String where = opener.putAside();
            store.condition = Optional.of("the MQTT sessions of earlier runs are lost, because their log was damaged ("
                    + unfit.getMessage() + "); it is kept in " + where
                    + ". All sessions are new, and QoS 2 publishes that clients repeat now may be stored twice");
            LOG.error("At this start {}", store.condition.get(), unfit);
            store.read(opener);
        }
        return store;
    }

    private void read(LogOpener opener) throws IOException {
        DurableLog log = opener.open(this);
        try {
            Replay found = Replay.of(log);
            if (!log.damage().isEmpty()) {
                throw new IOException("entries cannot be read");
            }
            streams.recall(found);
            LooseEntries loose = new LooseEntries(log);
            EarlierSessions earlier = new EarlierSessions(found, streams, loose, clock, this::recall);
            opened = new Opened(log, loose, earlier, new Upkeep(this, log, writers, streams, loose, earlier));
        } catch (IOException | RuntimeException | Error unfit) {
            log.close();
            throw unfit;
        }
    }

    /** Deletes the log in {@code folder}, if there is one. */
    public static void delete(Path folder) throws IOException {
        FolderOpener.delete(folder);
    }

    private Opened opened() {
        Opened known = opened;
        if (known == null) {
            throw new IllegalStateException("the log is not open");
        }
        return known;
    }

    // Before sessions are asked for.

    @Override
    public long opening(Spool spool, long start, long end) {
        return opened().earlier.opening(spool, start, end);
    }

    @Override
    public void recovered(StreamId stream, long session, long sequence, int packetId, long offset) {
        opened().earlier.recovered(stream, session, sequence, packetId, offset);
    }

    @Override
    public List<Recovered> recovered(Owner owner) {
        return opened().earlier.of(owner);
    }

    private LoggedSession recall(Replay.Old old) {
        LoggedSession session = new LoggedSession(this, old.number, old.owner, old.name);
        session.recall(old);
        sessions.put(old.number, session);
        return session;
    }

    /** Drops the recovered sessions of owners that did not ask for theirs: nothing uses them any more. */
    public void dropUnclaimed() {
        for (Owner owner : Owner.values()) {
            recovered(owner).forEach(unclaimed -> unclaimed.session().drop());
        }
    }

    // For sessions.

    @Override
    public Optional<KeptSession> begin(Owner owner, String name, EventExecutor loop, Content content) {
        LoopWriter writer = writers.of(loop);
        if (!writer.hasRoom() || !hasSpace(name.length())) {
            return Optional.empty();
        }
        long number = ThreadLocalRandom.current().nextLong();
        LoggedSession session = new LoggedSession(this, number, owner, name);
        sessions.put(number, session);
        session.begin(writer, content, generation());
        return Optional.of(session);
    }

    DurableLog log() {
        return opened().log;
    }

    LoopWriters writers() {
        return writers;
    }

    MarkedStreams streams() {
        return streams;
    }

    long now() {
        return clock.millis();
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
        opened().loose.write(out -> {
            out.put(Op.DROPPED);
            Op.putLong(out, session.number);
            out.putInt(session.epoch());
        });
    }

    // Upkeep.

    /** Begins the upkeep. After {@link #dropUnclaimed}. */
    public void start() {
        worker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** To be called about twice a second, by one thread. */
    void tick() {
        guard.run("The upkeep of the session log", opened().upkeep::tick);
    }

    boolean isLarge() {
        return limits.isLarge(log().sizeBytes(), live.get());
    }

    /** True if the log takes no further publish before it is written anew. */
    boolean isCrowded() {
        return limits.isCrowded(log().sizeBytes());
    }

    /** Which sessions were written as a whole lately: each renewal of the log begins another generation. */
    int generation() {
        return generation.get();
    }

    int nextGeneration() {
        return generation.incrementAndGet();
    }

    /** True if every session was written as a whole since the generation began. */
    boolean isRenewed() {
        int of = generation();
        return sessions.values().stream().allMatch(session -> session.generation() >= of);
    }

    // For the spools and the log.

    @Override
    public long neededFrom(StreamId stream) {
        return streams.neededFrom(stream);
    }

    @Override
    public void durable(long durableEnd) {
        writers.durableUpTo(durableEnd);
        looseProgressed();
    }

    @Override
    public void room() {
        writers.retryHeld();
        looseProgressed();
    }

    /** This thread must not take the monitor of the loose entries: the next tick, or what waits for them, tries again. */
    private void looseProgressed() {
        Opened known = opened;
        if (known != null) {
            known.loose.progressed();
        }
    }

    @Override
    public void failed(Throwable cause) {
        writers.fail();
        onFailure.accept(cause);
    }

    @Override
    public void damaged(DamagedRange range) {
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
        writers.flushAll().await(STOP);
        log().close();
    }
}
