package io.penstock.agent.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.base.condition.Condition;
import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.text.RateLimitedLog;
import io.penstock.fixtures.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The one list of conditions. */
class ConditionsTest {
    private static final Finding LOST = Finding.of(ConditionName.EVENTS_LOST, Place.stream("orders"), "7 events");
    private static final Finding UNKNOWN = new Finding(
            Place.target("default"),
            new Explanation(ConditionName.HOST_UNKNOWN, "there is no address for kinesis.example", "mend the name"));

    private final AtomicLong nanos = new AtomicLong(1);
    private final List<Finding> found = new ArrayList<>();
    private final Conditions conditions = new Conditions(
            nanos::get,
            new RateLimitedLog(
                    LoggerFactory.getLogger(Conditions.class),
                    List.of(Duration.ofSeconds(1), Duration.ofMinutes(10)),
                    nanos::get));

    @AfterEach
    void close() {
        conditions.close();
    }

    private List<String> ids() {
        return conditions.now().stream().map(Condition::id).toList();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void theWorstStandsFirstAndAmongEqualsTheOldest() {
        conditions.add(() -> found);
        found.add(LOST);
        assertEquals(List.of("events-lost"), ids());
        pass(Duration.ofSeconds(5));
        found.add(0, Finding.of(ConditionName.THROTTLED, Place.stream("orders"), "at its limit"));
        found.add(UNKNOWN);
        assertEquals(List.of("host-unknown", "events-lost", "throttled"), ids());
    }

    @Test
    void aConditionIsAsOldAsItsNameAtItsPlaceWhateverItsSentence() {
        conditions.add(() -> found);
        found.add(UNKNOWN);
        conditions.now();
        pass(Duration.ofMinutes(2));
        found.set(0, Finding.of(ConditionName.HOST_UNKNOWN, Place.target("default"), "still no address"));
        Condition now = conditions.now().get(0);
        assertEquals(Duration.ofMinutes(2), now.since());
        assertEquals("still no address", now.sentence());
        found.clear();
        assertEquals(List.of(), conditions.now());
        found.add(UNKNOWN);
        assertEquals(Duration.ZERO, conditions.now().get(0).since());
    }

    @Test
    void theLogHasOneLineForTheBeginningAndOneForTheEnd() {
        conditions.add(() -> found);
        try (CapturedLog log = CapturedLog.of(Conditions.class)) {
            found.add(UNKNOWN);
            conditions.now();
            pass(Duration.ofSeconds(61));
            conditions.now();
            found.clear();
            conditions.now();
            conditions.now();
            assertEquals(
                    List.of(
                            "host-unknown (target default): there is no address for kinesis.example; mend the name",
                            "host-unknown (target default) is over after 1 minute 1 second"),
                    log.lines());
        }
    }

    @Test
    void oneThatComesAndGoesDoesNotFillTheLog() {
        conditions.add(() -> found);
        try (CapturedLog log = CapturedLog.of(Conditions.class)) {
            for (int i = 0; i < 1_000; i++) {
                found.add(UNKNOWN);
                conditions.now();
                found.clear();
                conditions.now();
                pass(Duration.ofMillis(100));
            }
            assertEquals(4, log.lines().size(), log.lines()::toString);
        }
    }

    @Test
    void aFinderThatThrowsHidesNoOther() {
        conditions.add(() -> {
            throw new IllegalStateException("a defect");
        });
        conditions.add(() -> List.of(LOST));
        assertEquals(List.of("events-lost"), ids());
    }

    @Test
    void theMetricCountsPlacesAndHasZeroForEveryOtherName() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        conditions.publish(meters);
        conditions.add(() -> IntStream.range(0, Conditions.MOST + 100)
                .mapToObj(i -> Finding.of(ConditionName.STREAM_MISSING, Place.stream("s" + i), "missing"))
                .toList());
        assertEquals(Conditions.MOST, conditions.now().size());
        assertEquals(
                Conditions.MOST + 100,
                meters.get("penstock.condition")
                        .tag("name", "stream-missing")
                        .gauge()
                        .value());
        assertEquals(
                ConditionName.values().length,
                meters.get("penstock.condition").gauges().size());
        assertEquals(
                0, meters.get("penstock.condition").tag("name", "kms").gauge().value());
    }

    @Test
    void everyNameHasAnIdInKebabWordsAndARemedy() {
        for (ConditionName name : ConditionName.values()) {
            assertTrue(name.id().matches("[a-z]+(-[a-z]+)*"), name.id());
            assertTrue(name.remedy().length() > 10, name.id());
        }
    }
}
