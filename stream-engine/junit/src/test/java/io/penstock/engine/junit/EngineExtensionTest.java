package io.penstock.engine.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.penstock.engine.StreamEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs the classes in {@link Cases} with JUnit, one after the other and in parallel. */
class EngineExtensionTest {
    private static final Map<String, String> PARALLEL = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "4");

    @BeforeEach
    @AfterEach
    void forget() {
        Cases.SEEN.clear();
    }

    private static EngineExecutionResults run(Map<String, String> configuration, Class<?>... cases) {
        ClassSelector[] selectors =
                Arrays.stream(cases).map(each -> selectClass(each)).toArray(ClassSelector[]::new);
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectors)
                .configurationParameters(configuration)
                .execute();
    }

    private static void passes(EngineExecutionResults results, int tests) {
        results.allEvents().assertStatistics(all -> all.failed(0).aborted(0));
        results.testEvents().assertStatistics(all -> all.succeeded(tests));
    }

    /** Closed, and the folder of each deleted. */
    private static void nothingIsLeft(int engines) throws IOException {
        Set<StreamEngine> seen = new HashSet<>(Cases.SEEN);
        assertEquals(engines, seen.size());
        for (StreamEngine engine : seen) {
            assertFalse(Files.exists(engine.data()), () -> engine.data() + " is left");
        }
    }

    @Test
    void eachTestHasAnEngineAndNothingIsLeft() throws IOException {
        passes(run(Map.of(), Cases.ForEachMethod.class), 5);
        nothingIsLeft(5);
    }

    @Test
    void aClassAndTheClassesInItHaveOneEngine() throws IOException {
        passes(run(Map.of(), Cases.ForTheClass.class), 5);
        nothingIsLeft(2);
    }

    @Test
    void aConstructorIsGivenTheEngineOfItsClass() throws IOException {
        passes(run(Map.of(), Cases.InTheConstructor.class), 1);
        nothingIsLeft(1);
    }

    @Test
    void anExtensionInAnInstanceFieldIsForOneTest() throws IOException {
        passes(run(Map.of(), Cases.InAnInstanceField.class), 2);
        nothingIsLeft(2);
    }

    @Test
    void theClockOfATestEndsARetention() throws IOException {
        passes(run(Map.of(), Cases.Retained.class), 1);
        nothingIsLeft(1);
    }

    @Test
    void classesAndTestsRunInParallel() throws IOException {
        passes(
                run(
                        PARALLEL,
                        Cases.ForEachMethod.class,
                        Cases.ForTheClass.class,
                        Cases.InTheConstructor.class,
                        Cases.InAnInstanceField.class),
                13);
        nothingIsLeft(10);
    }

    @Test
    void anEngineForEachTestIsNotThereBeforeTheFirst() {
        fails(run(Map.of(), Cases.TooEarly.class).containerEvents(), "EngineLifetime.CLASS");
    }

    @Test
    void aStreamThatCannotBeIsNamed() {
        fails(
                run(Map.of(), Cases.BadStream.class).testEvents(),
                "The stream engine does not start: stream 'a stream with spaces'");
    }

    @Test
    void settingsThatCannotBeFailTheTest() {
        fails(
                run(Map.of(), Cases.BadSettings.class).testEvents(),
                "The stream engine does not start: account must have twelve digits");
    }

    private static void fails(Events events, String reason) {
        events.assertThatEvents().haveExactly(1, event(finishedWithFailure(message(text -> text.contains(reason)))));
    }
}
