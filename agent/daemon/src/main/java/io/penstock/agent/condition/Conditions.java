package io.penstock.agent.condition;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.base.condition.Condition;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.condition.Severity;
import io.penstock.base.fault.Guard;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.base.time.RoughDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All conditions of the agent: the one list that the page, {@code /api/status}, {@code /readyz}, the log and the metric
 * {@code penstock_condition} read, so that they say the same at the same time.
 *
 * <p>The parts of the agent are asked what they find, every four seconds and whenever the list is read. A condition lasts as
 * long as its name and place are found again; its sentence may change. The log has one line when a condition begins and
 * one when it ends; the lines of one that comes and goes are rate-limited. Any thread; a finder must not block. A finder
 * that throws is passed over. Bounded by the finders; {@link #now} tells the worst {@value #MOST}.
 */
public final class Conditions implements AutoCloseable {
    /** More are hardly read by anyone; the counts of the metric have all. */
    public static final int MOST = 500;

    private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);
    private static final Duration EVERY = Duration.ofSeconds(4);
    private static final Comparator<Condition> WORST_FIRST =
            Comparator.comparing(Condition::severity).thenComparing(Condition::since, Comparator.reverseOrder());

    private final LongSupplier nanoTime;
    private final RateLimitedLog log;
    private final Guard guard = new Guard(LOG);
    private final ScheduledExecutorService thread;
    private final List<Supplier<List<Finding>>> finders = new CopyOnWriteArrayList<>();
    private Map<Key, Long> begun = Map.of();
    private volatile Map<ConditionName, Integer> counts = Map.of();

    private record Key(ConditionName name, Place place) {}

    /** @param nanoTime {@link System#nanoTime} outside of tests */
    Conditions(LongSupplier nanoTime, RateLimitedLog log) {
        this.nanoTime = nanoTime;
        this.log = log;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "penstock-conditions");
            made.setDaemon(true);
            return made;
        });
    }

    /** Looks every four seconds until it is closed. */
    public static Conditions start() {
        Conditions conditions = new Conditions(System::nanoTime, RateLimitedLog.of(LOG));
        conditions.guard.every(EVERY, conditions.thread, "The look at the conditions", conditions::now);
        return conditions;
    }

    /** From now on this part is asked, too. */
    public void add(Supplier<List<Finding>> finder) {
        finders.add(finder);
    }

    /** Publishes how many places are in each condition, zeros included, as of the last look. */
    public void publish(MeterRegistry meters) {
        for (ConditionName name : ConditionName.values()) {
            Gauge.builder("penstock.condition", this, conditions -> conditions.count(name))
                    .description("How many places are in a condition: the page docs/failures.md explains each name.")
                    .tag("name", name.id())
                    .tag("severity", name.severity().id())
                    .register(meters);
        }
    }

    private int count(ConditionName name) {
        return counts.getOrDefault(name, 0);
    }

    /** What is found now, the worst and oldest first. */
    public synchronized List<Condition> now() {
        Map<Key, Finding> found = new LinkedHashMap<>();
        for (Supplier<List<Finding>> finder : finders) {
            guard.run(
                    "A finder of conditions",
                    () -> finder.get()
                            .forEach(
                                    each -> found.putIfAbsent(new Key(each.why().name(), each.place()), each)));
        }
        long now = nanoTime.getAsLong();
        Map<Key, Long> before = begun;
        Map<Key, Long> lasting = new LinkedHashMap<>();
        Map<ConditionName, Integer> counted = new HashMap<>();
        List<Condition> all = new ArrayList<>();
        found.forEach((key, finding) -> {
            long since = before.getOrDefault(key, now);
            lasting.put(key, since);
            counted.merge(key.name(), 1, Integer::sum);
            Condition condition = new Condition(finding, Duration.ofNanos(now - since));
            all.add(condition);
            if (!before.containsKey(key)) {
                sayBegun(condition);
            }
        });
        before.forEach((key, since) -> {
            if (!lasting.containsKey(key)) {
                sayOver(key, Duration.ofNanos(now - since));
            }
        });
        begun = lasting;
        counts = counted;
        all.sort(WORST_FIRST);
        return all.size() > MOST ? List.copyOf(all.subList(0, MOST)) : List.copyOf(all);
    }

    private static boolean isSaid(ConditionName name) {
        return name != ConditionName.STARTING && name != ConditionName.STOPPING;
    }

    private void sayBegun(Condition condition) {
        if (!isSaid(condition.name())) {
            return;
        }
        String key = condition.id() + " " + condition.place();
        String line = condition.id() + " (" + condition.place() + "): " + condition.text();
        if (condition.severity() == Severity.NOTICE) {
            log.info(key, line);
        } else if (condition.severity() == Severity.DEGRADED) {
            log.warn(key, line);
        } else {
            log.error(key, line);
        }
    }

    private void sayOver(Key key, Duration lasted) {
        if (isSaid(key.name())) {
            log.info(
                    "over " + key.name().id() + " " + key.place(),
                    key.name().id() + " (" + key.place() + ") is over after " + RoughDuration.of(lasted));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
