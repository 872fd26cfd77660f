package io.penstock.tools.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.base.fault.Guard;
import io.penstock.tools.demo.load.AppLogs;
import io.penstock.tools.demo.load.FloorBeacons;
import io.penstock.tools.demo.load.Load;
import io.penstock.tools.demo.load.PageViews;
import io.penstock.tools.demo.page.Action;
import io.penstock.tools.demo.page.DemoPage;
import io.penstock.tools.demo.table.CountTable;
import io.penstock.tools.demo.table.Kind;
import io.penstock.tools.demo.worker.Application;
import io.penstock.tools.demo.worker.LeaseTable;
import io.penstock.tools.demo.worker.ReadShard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * The whole demonstration: an agent with the engine inside, three producers, the workers of one or two applications, and
 * the page. What happens to it is done one after the other, by a thread of its own. Thread-safe.
 */
final class Demo implements AutoCloseable {
    /** The first application counts page views by referrer. */
    static final String REFERRERS = "referrers";

    /** The second one, which joins later, keeps a moving average of each zone of the floor. */
    static final String ZONES = "zones";

    /** After which another worker takes the place of one that was killed. */
    private static final Duration REPLACED = Duration.ofSeconds(15);

    private static final Duration LAST = Duration.ofSeconds(90);

    /** How long nothing more may be counted before the sum is taken as it is. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Guard guard = new Guard(LoggerFactory.getLogger(Demo.class));
    private final ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(Demo::thread);
    private final ScheduledThreadPoolExecutor acting = new ScheduledThreadPoolExecutor(1, Demo::thread);
    private final Happenings happenings = new Happenings(System::nanoTime);
    private final Snapshot snapshot = new Snapshot();
    private final Map<String, Application> applications = new ConcurrentHashMap<>();
    private final List<Load> loads = new ArrayList<>();
    private final DemoAgent agent;
    private final StreamWatch watch;
    private final Bill bill;
    private final DemoPage page;
    private final Workers workers;
    private final String consumers;
    private volatile byte[] present = "{}".getBytes(StandardCharsets.UTF_8);
    private volatile int splits;

    private Demo(DemoSettings settings, Optional<Kcl> kcl) throws IOException, InterruptedException {
        acting.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        join(REFERRERS);
        agent = DemoAgent.start(settings.folder());
        watch = new StreamWatch(agent);
        bill = new Bill(settings.prices(), System.nanoTime());
        page = DemoPage.start(settings.port(), applications, this::shards, () -> present, this::act);
        workers = new Workers(settings.folder(), page.address(), agent.engine(), kcl);
        consumers = kcl.isPresent() ? "kcl" : "plain";
    }

    /**
     * Starts everything, and returns when events come in.
     *
     * @param kcl what the workers are of; it stays open
     */
    static Demo start(DemoSettings settings, Optional<Kcl> kcl) throws IOException, InterruptedException {
        Demo demo = new Demo(settings, kcl);
        demo.begin();
        return demo;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "penstock-demo");
        thread.setDaemon(true);
        return thread;
    }

    private void begin() throws IOException {
        watch.create(DemoSettings.SHARDS);
        loads.add(PageViews.start(agent.httpPort(), DemoSettings.VIEWS));
        loads.add(FloorBeacons.start(agent.mqttPort(), DemoSettings.BEACONS));
        loads.add(AppLogs.start(agent.forwardPort(), DemoSettings.LOGS));
        workers.start(REFERRERS);
        workers.start(REFERRERS);
        happenings.add("Producers and two workers have begun");
        guard.every(Duration.ofMillis(500), watching, "A look at the demonstration", this::look);
    }

    private void join(String application) {
        applications.put(
                application,
                new Application(application, new CountTable(InstantSource.system()), new LeaseTable(System::nanoTime)));
    }

    private List<ReadShard> shards() {
        return watch.shards();
    }

    /** The first application stands first. */
    private List<Application> applications() {
        return applications.values().stream()
                .sorted(Comparator.comparing(Application::name))
                .toList();
    }

    private void look() {
        try {
            watch.look();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            return;
        }
        restartWorkers();
        bill.add(System.nanoTime(), openShards());
        ObjectNode now = snapshot.take(loads, applications(), watch, bill, happenings);
        now.put("splits", splits);
        present = now.toString().getBytes(StandardCharsets.UTF_8);
        page.tell();
    }

    private void restartWorkers() {
        try {
            workers.restart().forEach(name -> happenings.add(name + " had ended by itself, and is started again"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int openShards() {
        return (int) watch.shards().stream().filter(ReadShard::open).count();
    }

    /** Does it soon, after what was asked for before. */
    void act(Action action) {
        acting.execute(() -> guard.run("The action " + action.word(), () -> {
            try {
                doIt(action);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    private void doIt(Action action) throws IOException, InterruptedException {
        switch (action) {
            case SPLIT -> split();
            case JOIN -> {
                if (!applications.containsKey(ZONES)) {
                    join(ZONES);
                    String name = workers.start(ZONES);
                    happenings.add("A second application joins with " + name + ", and reads the stream from its start");
                }
            }
            case ADD_WORKER -> happenings.add(workers.start(REFERRERS) + " joins");
            case KILL_WORKER -> killWorker();
            case KILL_AGENT -> {
                happenings.add("The agent is killed (kill -9), and the engine with it");
                long before = System.nanoTime();
                agent.killAndRestart();
                happenings.add("The agent is ready again after %.1f s".formatted((System.nanoTime() - before) / 1e9));
            }
        }
    }

    private void split() {
        Map<String, Long> counts = new HashMap<>();
        first().table().shards().forEach(row -> counts.put(row.name(), row.count()));
        watch.shards().stream()
                .filter(ReadShard::open)
                .max(Comparator.comparingLong(shard -> counts.getOrDefault(shard.id(), 0L)))
                .ifPresent(hot -> {
                    watch.split(hot.id());
                    splits++;
                    happenings.add(hot.id() + " is split into two");
                });
    }

    private void killWorker() {
        first().leases().holders().entrySet().stream()
                .max(Comparator.comparingInt(each -> each.getValue().size()))
                .ifPresent(each -> {
                    workers.kill(each.getKey());
                    happenings.add(
                            each.getKey() + " is killed (kill -9); it read " + String.join(" and ", each.getValue()));
                    acting.schedule(() -> act(Action.ADD_WORKER), REPLACED.toMillis(), TimeUnit.MILLISECONDS);
                });
    }

    private Application first() {
        return applications().get(0);
    }

    URI address() {
        return page.address();
    }

    URI agentPage() {
        return agent.admin();
    }

    List<Happenings.Happening> happened() {
        return happenings.last();
    }

    /** The sum of now. */
    Outcome outcome() {
        Map<Kind, Long> sent = Snapshot.sent(loads);
        long all = sent.values().stream().mapToLong(Long::longValue).sum();
        long counted = Long.MAX_VALUE;
        long duplicates = 0;
        long repeated = 0;
        long lost = 0;
        for (Application application : applications()) {
            CountTable.Sums sums = application.table().sums();
            counted = Math.min(counted, sums.counted());
            duplicates += sums.duplicates();
            repeated += sums.repeated();
            lost = Math.max(lost, application.table().missing(sent));
        }
        CountTable.Sums first = first().table().sums();
        return new Outcome(
                all,
                counted,
                duplicates,
                repeated,
                lost,
                openShards(),
                splits,
                first.delay50(),
                first.delay99(),
                consumers);
    }

    /** Ends the producers, and waits until everything is counted, or nothing more is. */
    Outcome finish() throws InterruptedException {
        acting.shutdown();
        acting.awaitTermination(LAST.toSeconds(), TimeUnit.SECONDS);
        happenings.add("The producers end; what is under way is counted");
        loads.forEach(Load::close);
        long counted = 0;
        long end = System.nanoTime() + PATIENCE.toNanos();
        Outcome now = outcome();
        while (!now.equation() && (now.counted() > counted || System.nanoTime() < end)) {
            if (now.counted() > counted) {
                counted = now.counted();
                end = System.nanoTime() + PATIENCE.toNanos();
            }
            Thread.sleep(250);
            now = outcome();
        }
        return now;
    }

    @Override
    public void close() {
        acting.shutdownNow();
        loads.forEach(Load::close);
        watching.shutdownNow();
        workers.close();
        page.close();
        watch.close();
        agent.close();
    }
}
