package io.penstock.agent.sessions;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.base.ack.Watermark;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.fault.Guard;
import io.penstock.base.text.CauseText;
import io.penstock.base.time.AgeClock;
import io.penstock.delivery.spool.SessionMarks;
import io.penstock.delivery.spool.Spool;
import io.penstock.delivery.spool.StreamId;
import io.penstock.journal.DurableLog;
import io.penstock.journal.LogSettings;
import io.penstock.journal.LogSystem;
import io.penstock.mqtt.session.KeptSession;
import io.penstock.mqtt.session.SessionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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
public final class SessionLog implements SessionStore, SessionMarks, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration ROOM_SOON = Duration.ofMillis(10);
    private static final int TICK_MILLIS = 500;

    private final AgeClock clock;
    private final Guard guard = new Guard(LOG);
    private final ScheduledThreadPoolExecutor worker = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "penstock-mqtt-sessions");
        thread.setDaemon(true);
        return thread;
    });
    private final MarkedStreams streams;
    private final LoopWriters writers = new LoopWriters(this);
    private final LogEvents events;
    private final LiveSessions live;
    private volatile @Nullable Opened opened;
    private volatile Optional<Explanation> condition = Optional.empty();

    /** What there is once the log was read. */
    private record Opened(DurableLog log, LooseEntries loose, EarlierSessions earlier, Upkeep upkeep) {}

    private SessionLog(
            SessionLimits limits,
            AgeClock clock,
            Function<Spool, Watermark> acknowledged,
            Consumer<Throwable> onFailure) {
        this.clock = clock;
        this.streams = new MarkedStreams(acknowledged);
        this.live = new LiveSessions(limits);
        this.events = new LogEvents(writers, onFailure);
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
            Explanation lost = new Explanation(
                    ConditionName.SESSIONS_LOST,
                    "the MQTT sessions of earlier runs are lost, because their log was damaged ("
                            + CauseText.orUnknown(unfit) + "); it is kept in " + where
                            + ". All sessions are new, and QoS 2 publishes that clients repeat now may be stored twice",
                    "check the disk: it gave back something else than was written");
            store.condition = Optional.of(lost);
            LOG.error("At this start {}", lost.text(), unfit);
            store.read(opener);
        }
        return store;
    }

    private void read(LogOpener opener) throws IOException {
        DurableLog log = opener.open(events);
        try {
            Replay found = Replay.of(log);
            if (!log.damage().isEmpty()) {
                throw new IOException("entries cannot be read");
            }
            streams.recall(found);
            LooseEntries loose = new LooseEntries(log);
            events.with(loose);
            EarlierSessions earlier = new EarlierSessions(found, streams, loose, clock, this::recall);
            opened = new Opened(log, loose, earlier, new Upkeep(live, log, writers, streams, loose, earlier));
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
        live.add(session);
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
        if (!writer.hasRoom() || !live.hasSpace(name.length())) {
            return Optional.empty();
        }
        long number = ThreadLocalRandom.current().nextLong();
        LoggedSession session = new LoggedSession(this, number, owner, name);
        live.add(session);
        session.begin(writer, content, live.generation());
        return Optional.of(session);
    }

    DurableLog log() {
        return opened().log;
    }

    LiveSessions live() {
        return live;
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

    // For the spools and the agent.

    @Override
    public long neededFrom(StreamId stream) {
        return streams.neededFrom(stream);
    }

    /** What an operator should know of it; empty if there is nothing. */
    public Optional<Explanation> condition() {
        return condition;
    }

    /** The number of sessions that survive a restart. */
    public int sessions() {
        return live.count();
    }

    /** What the log takes on disk. */
    public long bytes() {
        return log().sizeBytes();
    }

    /** Makes durable what was written. The listener and the bridges must have stopped. */
    @Override
    public void close() throws IOException {
        worker.shutdownNow();
        writers.flushAll(STOP, ROOM_SOON);
        log().close();
    }
}
