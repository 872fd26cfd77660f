package io.penstock.agent.live;

import com.linecorp.armeria.server.ServerBuilder;
import io.penstock.agent.admin.AdminPages;
import io.penstock.agent.metrics.ConnectedClients;
import io.penstock.base.fault.Guard;
import io.penstock.delivery.kinesis.shards.ShardMap;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live page and what is beneath it. One thread of its own takes readings, makes rates of each, adds it to the last
 * hour, writes the timeline, and tells those that watch: every two seconds while a page is open or was asked for lately,
 * every eight otherwise. A request gets a reading that is at most two seconds old, so that no request costs more for
 * being asked often. Thread-safe.
 */
public final class LivePage implements AdminPages {
    private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);
    static final Duration EVERY = Duration.ofSeconds(2);
    /** Each point of the last hour, which are 10 s, gets a reading. */
    static final Duration UNWATCHED = Duration.ofSeconds(8);

    private static final long LATELY = Duration.ofSeconds(15).toNanos();
    private static final long HALF = EVERY.toNanos() / 2;

    private final Supplier<Reading> readings;
    private final Supplier<ProcessUse> process;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Timeline timeline;
    private final Changes changes;
    private final ClientTable clients;
    private final Rates rates = new Rates();
    private final LastHour lastHour = new LastHour();
    private final Watchers watchers = new Watchers();
    private final LiveJson json = new LiveJson();
    private final LiveRoutes routes;
    private final Guard guard = new Guard(LOG);
    private final ScheduledExecutorService thread;
    private volatile Figures figures;
    private volatile long figuresAt;
    private volatile long askedAt;

    LivePage(
            Supplier<Reading> readings,
            BiFunction<String, String, ShardMap> shards,
            Supplier<Map<String, List<ConnectedClients.Client>>> clients,
            Timeline timeline,
            Supplier<ProcessUse> process,
            LongSupplier nanos,
            InstantSource clock) {
        this.readings = readings;
        this.process = process;
        this.nanos = nanos;
        this.clock = clock;
        this.timeline = timeline;
        this.changes = new Changes(timeline);
        this.clients = new ClientTable(clients);
        this.figures = look();
        this.askedAt = figuresAt - LATELY;
        this.routes = new LiveRoutes(this::fresh, shards, lastHour, timeline, this.clients, watchers, json);
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "penstock-live-page");
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Takes readings from now on, until it is closed.
     *
     * @param readings must not block
     * @param shards the open shards of a target's stream
     * @param clients that are connected, by source
     */
    public static LivePage start(
            Supplier<Reading> readings,
            BiFunction<String, String, ShardMap> shards,
            Supplier<Map<String, List<ConnectedClients.Client>>> clients,
            Timeline timeline) {
        LivePage page = new LivePage(
                readings, shards, clients, timeline, ProcessUse::now, System::nanoTime, InstantSource.system());
        page.guard.every(EVERY, page.thread, "The reading for the live page", page::tickIfDue);
        return page;
    }

    /** At most one reading in two seconds; fewer while it interests no page. */
    void tickIfDue() {
        long now = nanos.getAsLong();
        boolean wanted = watchers.count() > 0 || now - askedAt < LATELY;
        long age = now - figuresAt;
        if (age >= (wanted ? EVERY : UNWATCHED).toNanos() - HALF) {
            tick();
        }
    }

    /** The present figures for a request: the last ones, or new ones if these are too old. Any thread. */
    CompletableFuture<Figures> fresh() {
        long now = nanos.getAsLong();
        askedAt = now;
        if (now - figuresAt <= EVERY.toNanos()) {
            return CompletableFuture.completedFuture(figures);
        }
        try {
            return CompletableFuture.supplyAsync(
                            () -> {
                                tickIfDue();
                                return figures;
                            },
                            thread)
                    .exceptionally(failed -> figures);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.completedFuture(figures);
        }
    }

    /** One reading, told to those that watch. */
    void tick() {
        Figures now = look();
        figures = now;
        clients.sample(nanos.getAsLong());
        watchers.tell(() -> json.bytes(json.now(now, timeline.last())));
    }

    /** As {@link #tick}, soon: for what cannot wait for the next reading. Any thread; nothing after the close. */
    public void tellNow() {
        try {
            thread.execute(() -> guard.run("The reading for the live page", this::tick));
        } catch (RejectedExecutionException closed) {
            LOG.debug("The live page is closed", closed);
        }
    }

    /** How many pages are open. */
    int watchers() {
        return watchers.count();
    }

    private Figures look() {
        Reading reading = readings.get();
        long at = nanos.getAsLong();
        Figures now = rates.next(reading, process.get(), at, clock.instant());
        lastHour.add(now, at);
        figuresAt = at;
        changes.look(reading);
        return now;
    }

    @Override
    public void route(ServerBuilder server) {
        routes.add(server);
    }

    @Override
    public String paths() {
        return LiveRoutes.PATHS;
    }

    @Override
    public Set<String> endless() {
        return Set.of(LiveRoutes.LIVE);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        watchers.close();
    }
}
