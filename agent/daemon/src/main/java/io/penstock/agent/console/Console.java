package io.penstock.agent.console;

import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.agent.admin.AdminPages;
import io.penstock.base.fault.Guard;
import io.penstock.engine.EngineView;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console of a stream engine and what is beneath it. One thread of its own takes a reading of all streams every two
 * seconds while a console is open, every eight otherwise; answers are made of the last reading and of the streams'
 * metadata in memory. Thread-safe.
 */
public final class Console implements AdminPages {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    static final Duration EVERY = Duration.ofSeconds(2);
    static final int UNWATCHED = 4;
    private static final long LATELY = Duration.ofSeconds(30).toNanos();

    private final Supplier<Optional<EngineView>> engine;
    private final LongSupplier nanos;
    private final Throughput throughput = new Throughput();
    private final ReaderTable readers = new ReaderTable();
    private final Tails tails = new Tails();
    private final ConsoleRoutes routes;
    private final ScheduledExecutorService thread;
    private boolean sampled;
    private volatile long sampledAt;
    private volatile long askedAt;

    Console(
            Supplier<Optional<EngineView>> engine,
            Supplier<String> absence,
            ChangeRule rule,
            Place place,
            MeterRegistry meters,
            Consumer<String> told,
            LongSupplier nanos) {
        this.engine = engine;
        this.nanos = nanos;
        StreamRows rows = new StreamRows(throughput, readers);
        this.routes = new ConsoleRoutes(
                new ConsoleRoutes.Engine(engine, absence),
                rule,
                place,
                this::asked,
                rows,
                new StreamDetail(throughput, readers, rows),
                new ConsoleChanges(meters, told),
                tails);
        this.askedAt = nanos.getAsLong() - LATELY;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "penstock-console");
            made.setDaemon(true);
            return made;
        });
    }

    /** Which listener serves the console. */
    public enum Place {
        /** The admin listener, beside the live page. */
        ADMIN,
        /** The engine's own port, without an agent. */
        ENGINE
    }

    /**
     * Takes readings from now on, until it is closed.
     *
     * @param engine empty as long as there is none
     * @param absence why there is none, in a sentence
     * @param meters count the changes
     * @param told of each change, a sentence
     */
    public static Console start(
            Supplier<Optional<EngineView>> engine,
            Supplier<String> absence,
            ChangeRule rule,
            Place place,
            MeterRegistry meters,
            Consumer<String> told) {
        Console console = new Console(engine, absence, rule, place, meters, told, System::nanoTime);
        new Guard(LOG).every(EVERY, console.thread, "The reading for the console", console::tickIfDue);
        return console;
    }

    /** A reading each time while a console is open, and one of {@value #UNWATCHED} otherwise. */
    void tickIfDue() {
        long now = nanos.getAsLong();
        boolean isOpen = tails.count() > 0 || now - askedAt < LATELY;
        if (isOpen || !sampled || now - sampledAt >= UNWATCHED * EVERY.toNanos() - EVERY.toNanos() / 2) {
            tick();
        }
    }

    private void asked() {
        askedAt = nanos.getAsLong();
    }

    /** One reading. */
    synchronized void tick() {
        engine.get().ifPresent(view -> {
            long now = nanos.getAsLong();
            double seconds = sampled ? Math.max(1e-3, (now - sampledAt) / 1e9) : 0;
            throughput.sample(view, seconds);
            readers.sample(view.watch().readers().byStream(), seconds);
            sampled = true;
            sampledAt = now;
        });
    }

    /** How many tails are open. */
    int tails() {
        return tails.count();
    }

    @Override
    public void route(ServerBuilder server) {
        route(server, UnaryOperator.identity());
    }

    /** @param guard decorates each service */
    public void route(ServerBuilder server, UnaryOperator<HttpService> guard) {
        routes.add(server, guard);
    }

    @Override
    public String paths() {
        return ConsoleRoutes.PATHS;
    }

    @Override
    public Set<String> endless() {
        return Set.of(ConsoleRoutes.TAIL);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        tails.close();
    }
}
