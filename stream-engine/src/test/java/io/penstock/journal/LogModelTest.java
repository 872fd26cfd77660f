package io.penstock.journal;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Ten thousand random lives of a log on a disk that fails. A failure names its seed; {@code -Dtest=LogModelTest
 * -Dpenstock.log.seed=SEED} repeats that life, {@code -Dpenstock.log.scenarios=N} runs more, {@code
 * -Dpenstock.log.first=SEED} begins with another seed.
 */
@Tag("slow")
class LogModelTest {
    private static final long SCENARIOS = Long.getLong("penstock.log.scenarios", 10_000);

    @BeforeAll
    static void beQuiet() {
        Configurator.setLevel("io.penstock.journal", Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        Configurator.setLevel("io.penstock.journal", Level.ERROR);
    }

    @Test
    @Timeout(value = 7, unit = TimeUnit.DAYS)
    void whatIsAcknowledgedIsReadableOrReportedWhateverTheDiskDoes() {
        Long one = Long.getLong("penstock.log.seed");
        if (one != null) {
            run(one);
            return;
        }
        long first = Long.getLong("penstock.log.first", System.nanoTime());
        LongStream.range(first, first + SCENARIOS).parallel().forEach(LogModelTest::run);
    }

    private static void run(long seed) {
        try {
            new LogScenario(seed).run();
        } catch (Throwable e) {
            throw new AssertionError("Scenario failed; repeat with -Dpenstock.log.seed=" + seed, e);
        }
    }
}
