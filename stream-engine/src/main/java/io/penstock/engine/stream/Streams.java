package io.penstock.engine.stream;

import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.time.AgeClock;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import io.penstock.engine.scope.Scope;
import io.penstock.engine.store.StreamStore;
import io.penstock.journal.NoSpaceException;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All streams of an engine, by scope and in order of name.
 *
 * <p>Thread-safe; a lookup takes no lock. {@link #membership} is held while a stream is created or removed, also during
 * disk access, so these must not be called on an event loop.
 */
public final class Streams implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int SECRET_BYTES = 16;

    private final RateLimitedLog log = RateLimitedLog.of(LOG);
    /** All scopes together have this many times the limits of one, so that memory is bounded. */
    private static final int SCOPES = 4;

    private static final ConcurrentNavigableMap<String, LiveStream> NOTHING = new ConcurrentSkipListMap<>();

    /** The number of logs that are recovered at the same time. */
    private static final int RECOVERING = 8;

    private final StreamStore store;
    private final AgeClock clock;
    private final Events events;
    private final Limits limits;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock membership = new ReentrantLock();
    private final Map<Scope, ConcurrentNavigableMap<String, LiveStream>> byName = new ConcurrentHashMap<>();
    private final Map<String, LiveStream> byId = new ConcurrentHashMap<>();

    /** By name in the store: why a stored stream could not be opened. */
    private final Map<String, String> unusable = new ConcurrentHashMap<>();

    private Streams(StreamStore store, AgeClock clock, Events events, Limits limits) {
        this.store = store;
        this.clock = clock;
        this.events = events;
        this.limits = limits;
    }

    /**
     * Opens all stored streams; blocks while their logs recover. A stream that cannot be opened is reported, and calls
     * that name it are refused.
     */
    public static Streams open(StreamStore store, AgeClock clock, Events events, Limits limits) throws IOException {
        Streams streams = new Streams(store, clock, events, limits);
        ExecutorService threads = Executors.newFixedThreadPool(RECOVERING);
        try {
            List<Future<?>> opening = new ArrayList<>();
            for (StreamStore.Stored stored : store.list()) {
                opening.add(threads.submit(() -> streams.open(stored)));
            }
            for (Future<?> stream : opening) {
                stream.get();
            }
            store.damage().forEach(events::unusable);
            streams.unusable.values().forEach(events::unusable);
        } catch (ExecutionException e) {
            streams.close();
            throw new IOException("opening streams", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            streams.close();
            throw new IOException("interrupted while opening streams", e);
        } finally {
            threads.shutdownNow();
        }
        return streams;
    }

    private void open(StreamStore.Stored stored) {
        try {
            add(LiveStream.open(store, stored, limits.own(), clock, events));
        } catch (IOException e) {
            unusable.put(stored.name(), "stream " + stored.name() + " cannot be opened: " + e.getMessage());
        }
    }

    private void add(LiveStream stream) {
        byName.computeIfAbsent(stream.meta().scope(), scope -> new ConcurrentSkipListMap<>())
                .put(stream.meta().name(), stream);
        byId.put(stream.meta().id(), stream);
    }

    public Limits limits() {
        return limits;
    }

    public Optional<LiveStream> find(Scope scope, String name) {
        return Optional.ofNullable(in(scope).get(name)).filter(this::isThere);
    }

    private ConcurrentNavigableMap<String, LiveStream> in(Scope scope) {
        return byName.getOrDefault(scope, NOTHING);
    }

    /** All streams, also those whose deletion is due. */
    private Stream<LiveStream> all() {
        return byName.values().stream().flatMap(streams -> streams.values().stream());
    }

    public Optional<LiveStream> findById(String id) {
        LiveStream stream = byId.get(id);
        if (stream == null && unusable() > 0) {
            throw new ServiceException(
                    ErrorType.INTERNAL_FAILURE,
                    "This may be of a stream that cannot be used; the engine's log names it.");
        }
        return Optional.ofNullable(stream).filter(this::isThere);
    }

    /** Why a stored stream cannot be used; empty for a usable stream, and for one that does not exist. */
    Optional<String> whyUnusable(Scope scope, String name) {
        return scope.equals(limits.own())
                ? whyUnusable(name).or(() -> whyUnusable(qualified(scope, name)))
                : whyUnusable(qualified(scope, name));
    }

    private Optional<String> whyUnusable(String key) {
        return Optional.ofNullable(unusable.get(key)).or(() -> store.damage(key));
    }

    /** Unlike a stream's name, it has slashes. */
    private static String qualified(Scope scope, String name) {
        return scope + "/" + name;
    }

    /** The name in the store of a new stream. In the engine's own scope it is the stream's name, as it always was. */
    private String newKey(Scope scope, String name) {
        boolean isPlain = scope.equals(limits.own())
                && all().noneMatch(stream -> stream.key().equals(name));
        return isPlain ? name : qualified(scope, name);
    }

    /** The number of stored streams that cannot be used. */
    public int unusable() {
        return unusable.size() + store.damage().size();
    }

    /** The streams of a scope whose names follow {@code name}, in order; the empty name gives all. */
    public Collection<LiveStream> after(Scope scope, String name) {
        return in(scope).tailMap(name, false).values().stream()
                .filter(this::isThere)
                .toList();
    }

    /** The streams of all scopes, in no order. */
    public List<LiveStream> inAllScopes() {
        return all().filter(this::isThere).toList();
    }

    /** The number of streams in all scopes. */
    public int size() {
        return (int) all().filter(this::isThere).count();
    }

    /** The number of open shards in all scopes. */
    public int openShards() {
        return shardsOf(all());
    }

    public int openShards(Scope scope) {
        return shardsOf(in(scope).values().stream());
    }

    private static int shardsOf(Stream<LiveStream> streams) {
        return streams.mapToInt(stream -> stream.shards().size()).sum();
    }

    /** Disk space of all records, in bytes. */
    public long sizeBytes() {
        return all().mapToLong(stream -> stream.log().sizeBytes()).sum();
    }

    private boolean isThere(LiveStream stream) {
        return !hasVanished(stream.meta());
    }

    private boolean hasVanished(StreamMeta meta) {
        return meta.transition() == StreamStatus.DELETING && meta.hasSettled(clock.millis());
    }

    /** Creates a stream; returns once it is durable. */
    public LiveStream create(Scope scope, String name, int shards, StreamOptions options, Duration transition)
            throws IOException {
        membership.lock();
        try {
            LiveStream existing = in(scope).get(name);
            if (existing != null && isThere(existing)) {
                throw ServiceException.inUse(
                        "Stream " + name + " under account " + scope.account() + " already exists.");
            }
            if (existing != null) {
                remove(existing);
            }
            whyUnusable(scope, name).ifPresent(reason -> {
                throw new ServiceException(ErrorType.INTERNAL_FAILURE, reason);
            });
            requireRoom(scope, shards);
            long now = clock.millis();
            byte[] secret = new byte[SECRET_BYTES];
            random.nextBytes(secret);
            StreamMeta meta = new StreamMeta(
                    StreamMeta.FORMAT,
                    name,
                    newId(),
                    secret,
                    Math.max(0, clock.date()),
                    StreamStatus.CREATING,
                    now + transition.toMillis(),
                    options,
                    Reshard.initial(shards, now),
                    shards,
                    List.of(),
                    scope);
            byte[] document = MetaDocument.write(meta);
            String key = newKey(scope, name);
            long version = store.put(key, StreamStore.ABSENT, document);
            LiveStream created = opened(new StreamStore.Stored(key, version, document));
            add(created);
            return created;
        } finally {
            membership.unlock();
        }
    }

    /** A stream whose records cannot be opened, because the disk is full for example, was not created. */
    private LiveStream opened(StreamStore.Stored stream) throws IOException {
        try {
            return LiveStream.open(store, stream, limits.own(), clock, events);
        } catch (IOException | RuntimeException e) {
            try {
                store.drop(stream.name());
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private void requireRoom(Scope scope, int shards) {
        long inScope = in(scope).size();
        if (inScope >= limits.maxStreams() || all().count() >= (long) SCOPES * limits.maxStreams()) {
            throw ServiceException.limitExceeded("This engine holds " + inScope + " streams of account "
                    + scope.account() + " in " + scope.region() + ", and max-streams allows " + limits.maxStreams()
                    + " in one account and region, and " + SCOPES
                    + " times as many in all. Delete a stream, or raise max-streams.");
        }
        requireShards(scope, shards);
    }

    /**
     * Checks the limit of open shards.
     *
     * @throws ServiceException if {@code more} further shards would exceed it
     */
    public void requireShards(Scope scope, int more) {
        if (more > shardRoom(scope)) {
            int open = openShards(scope);
            throw ServiceException.limitExceeded(
                    "This request would exceed the shard limit for the account " + scope.account() + " in "
                            + scope.region() + ". Current shard count for the account: " + open + ". Limit: "
                            + limits.maxShards()
                            + ". Number of additional shards that would have resulted from this request: " + more
                            + ". Refer to the AWS Service Limits page"
                            + " (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current"
                            + " limits and how to request higher limits.");
        }
    }

    /** How many further shards the limits of open shards allow. */
    public int shardRoom(Scope scope) {
        int here = limits.maxShards() - openShards(scope);
        long everywhere = (long) SCOPES * limits.maxShards() - openShards();
        return (int) Math.max(0, Math.min(here, everywhere));
    }

    /** A new id, as streams and channels have it. */
    public String newId() {
        StringBuilder id = new StringBuilder(24);
        for (int i = 0; i < 23; i++) {
            id.append(i == 20 ? "-" : "").append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
        }
        return id.toString();
    }

    /** Marks a stream DELETING; with a transition of zero, or on a full disk, it is deleted on return. */
    public void delete(LiveStream stream, Duration transition) throws IOException {
        membership.lock();
        try {
            if (!markDeleting(stream, clock.millis() + transition.toMillis()) || !isThere(stream)) {
                remove(stream);
            }
        } finally {
            membership.unlock();
        }
    }

    /** Deletes all streams of all scopes; returns once they are gone. */
    public void clear() throws IOException {
        membership.lock();
        try {
            for (LiveStream stream : all().toList()) {
                remove(stream);
            }
        } finally {
            membership.unlock();
        }
    }

    /** Returns false if the disk is too full to store that: deleting the stream is what gives it room. */
    private static boolean markDeleting(LiveStream stream, long until) throws IOException {
        try {
            stream.change(meta -> {
                if (meta.transition() == StreamStatus.DELETING) {
                    throw ServiceException.inUse("Stream " + meta.name() + " is being deleted already.");
                }
                return meta.withTransition(StreamStatus.DELETING, until);
            });
            return true;
        } catch (NoSpaceException full) {
            return false;
        }
    }

    private void remove(LiveStream stream) throws IOException {
        StreamMeta meta = stream.meta();
        in(meta.scope()).remove(meta.name(), stream);
        byId.remove(meta.id());
        try {
            stream.close();
        } catch (IOException e) {
            LOG.debug("stream {}: its log was not closed cleanly, and is deleted all the same", meta.name(), e);
        }
        store.drop(stream.key());
    }

    /** Removes streams whose deletion is due and records whose retention is over. To be called periodically. */
    public void maintain() {
        for (LiveStream stream : all().toList()) {
            try {
                if (isThere(stream)) {
                    stream.expire();
                } else {
                    membership.lock();
                    try {
                        if (in(stream.meta().scope()).get(stream.meta().name()) == stream) {
                            remove(stream);
                        }
                    } finally {
                        membership.unlock();
                    }
                }
            } catch (IOException | RuntimeException | Error e) {
                log.error(
                        "cleaning " + stream.meta().name(),
                        "stream " + stream.meta().name() + ": cleaning up failed and will be tried again",
                        e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (LiveStream stream : all().toList()) {
            try {
                stream.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Receives failures of streams. Called on the store's threads; must not block. */
    public interface Events {
        /** A stream's log failed; it takes no more records. */
        void failed(String stream, Throwable cause);

        /** A stored stream cannot be used; the text says where, why, and what to do. */
        void unusable(String reason);

        /** Durable records with offsets in {@code [from, to)} can no longer be read. */
        void recordsLost(String stream, long from, long to);
    }

    /**
     * Limits of an engine.
     *
     * @param maxStreams streams in one scope; all scopes together have {@value #SCOPES} times as many at most
     * @param maxShards open shards in one scope; likewise
     * @param own the scope of streams that the engine makes itself, and of stored ones that have none
     */
    public record Limits(int maxStreams, int maxShards, Scope own) {}
}
