package io.penstock.engine.stream;

import io.penstock.base.fault.Guard;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.store.StreamLog;
import io.penstock.engine.store.StreamStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open stream: its metadata as stored, its shard map, its log.
 *
 * <p>Thread-safe. Readers of {@link #meta()} and {@link #shards()} take no lock. A change of metadata holds {@link
 * #changes}, also during disk access, so {@link #change} and {@link #reshard} must not be called on an event loop. A
 * change becomes visible only once it is durable.
 */
public final class LiveStream implements StreamLog.Listener, AutoCloseable {
    /** The interval between checks for expired records: retention is in hours, and a check reads the disk. */
    private static final long EXPIRY_PERIOD_MILLIS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);
    private static final String OBSERVER = "An observer of a stream";

    private final StreamStore store;
    private final String key;
    private final AgeClock clock;
    private final Streams.Events events;
    private final ReentrantLock changes = new ReentrantLock();
    private final Guard guard = new Guard(LOG);
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final StreamLog log;
    private long version;
    private volatile StreamMeta meta;
    private volatile ShardMap shards;
    private volatile long horizon;
    private long expiredAt = Long.MIN_VALUE / 2;
    private volatile boolean gone;
    private volatile boolean failed;

    private LiveStream(StreamStore store, StreamStore.Stored stored, Scope own, AgeClock clock, Streams.Events events)
            throws IOException {
        this.key = stored.name();
        this.store = store;
        this.clock = clock;
        this.events = events;
        this.version = stored.version();
        this.meta = MetaDocument.read(stored, own);
        this.shards = new ShardMap(0, meta.shards());
        this.log = store.open(stored.name(), this);
        this.horizon = log.startOffset();
    }

    /**
     * Opens a stored stream; blocks while its log recovers.
     *
     * @param own the scope of streams whose metadata has none
     */
    static LiveStream open(
            StreamStore store, StreamStore.Stored stored, Scope own, AgeClock clock, Streams.Events events)
            throws IOException {
        return new LiveStream(store, stored, own, clock, events);
    }

    /** Its name in the store. */
    String key() {
        return key;
    }

    public StreamMeta meta() {
        return meta;
    }

    public ShardMap shards() {
        return shards;
    }

    public StreamLog log() {
        return log;
    }

    public StreamStatus status() {
        return meta.status(clock.millis());
    }

    /** True if the stream was deleted; holders of this object must release it. */
    public boolean isGone() {
        return gone;
    }

    /** True if the log has failed: nothing more is stored until the engine is restarted. */
    public boolean hasFailed() {
        return failed;
    }

    /** The offset below which the retention is over; nothing below it is read. */
    public long horizon() {
        return Math.max(horizon, log.startOffset());
    }

    public void observe(Observer observer) {
        observers.add(observer);
    }

    public void unobserve(Observer observer) {
        observers.remove(observer);
    }

    /**
     * Changes the metadata; returns once the change is durable. {@code change} may throw a {@link ServiceException}, or
     * return its argument for no change.
     */
    public StreamMeta change(UnaryOperator<StreamMeta> change) throws IOException {
        changes.lock();
        try {
            return save(change.apply(meta));
        } finally {
            changes.unlock();
        }
    }

    /**
     * Closes shards and opens others. During the change puts are refused for the moment; they find the new shards when
     * they try again.
     *
     * @param settlesAt until when the stream is UPDATING, by the clock
     */
    public StreamMeta reshard(Reshard.Plan plan, long settlesAt) throws IOException {
        changes.lock();
        try {
            long now = clock.millis();
            requireActive(now);
            plan.apply(meta, log.endOffset(), now);
            long epoch = shards.epoch() + 1;
            try {
                long end = log.seal(epoch);
                return save(plan.apply(meta, end, now).withTransition(StreamStatus.UPDATING, settlesAt));
            } finally {
                shards = new ShardMap(epoch, meta.shards());
                changed();
            }
        } finally {
            changes.unlock();
        }
    }

    /**
     * Checks that the stream may be changed.
     *
     * @throws ServiceException if it is not ACTIVE
     */
    public void requireActive(long now) {
        StreamMeta current = meta;
        if (current.status(now) != StreamStatus.ACTIVE) {
            throw ServiceException.inUse("Stream " + current.name() + " under account "
                    + current.scope().account() + " not ACTIVE, instead in state " + current.status(now));
        }
    }

    private StreamMeta save(StreamMeta changed) throws IOException {
        if (changed.equals(meta)) {
            return meta;
        }
        long stored = store.put(key, version, MetaDocument.write(changed));
        if (stored == StreamStore.CONFLICT) {
            throw new IOException("stream " + changed.name() + " was changed by another process");
        }
        version = stored;
        meta = changed;
        return changed;
    }

    /** Releases records whose retention is over, and closed shards that have no other records. Called by one thread. */
    void expire() throws IOException {
        long now = clock.millis();
        if (now - expiredAt < EXPIRY_PERIOD_MILLIS) {
            return;
        }
        expiredAt = now;
        long oldest = clock.firstWithin(Duration.ofHours(meta.options().retentionHours()));
        long kept = log.find(oldest);
        if (kept > horizon) {
            horizon = kept;
            log.trim(kept);
        }
        boolean expired = meta.shards().stream().anyMatch(shard -> isExpired(shard, oldest));
        if (expired) {
            change(current -> current.withShards(
                    current.shards().stream()
                            .filter(shard -> !isExpired(shard, oldest))
                            .toList(),
                    current.nextShard()));
        }
    }

    private static boolean isExpired(Shard shard, long oldest) {
        return !shard.isOpen() && shard.closedAt() < oldest;
    }

    @Override
    public void durable(long end) {
        for (Observer observer : observers) {
            try {
                observer.durable(end);
            } catch (Throwable e) {
                guard.failed(OBSERVER, e);
            }
        }
    }

    private void changed() {
        for (Observer observer : observers) {
            guard.run(OBSERVER, observer::changed);
        }
    }

    @Override
    public void room() {
        changed();
    }

    @Override
    public void failed(Throwable cause) {
        failed = true;
        guard.run(OBSERVER, () -> events.failed(meta.name(), cause));
        changed();
    }

    @Override
    public void damaged(long from, long to) {
        events.recordsLost(meta.name(), from, to);
    }

    /** Closes the log; waiting puts are refused. */
    @Override
    public void close() throws IOException {
        gone = true;
        try {
            log.close();
        } finally {
            changed();
        }
    }

    /** Receives the progress of a stream. Called on the store's threads; must not block. */
    public interface Observer {
        /** Everything below {@code end} is durable. */
        void durable(long end);

        /** Refused puts may be tried again, and shards may have changed. */
        void changed();
    }
}
