package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.fixtures.Typed;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("it captures the process's output")
class TransitionOptionTest {
    @ParameterizedTest
    @ValueSource(strings = {"11m", "601s", "-1s", "soon", "", "5"})
    void aTimeThatNoStreamTakesIsRefusedBeforeAnythingStarts(String time) {
        Typed typed = Typed.into(PenstockCommand::execute, "engine", "--ephemeral", "--transition", time);
        assertEquals(PenstockCommand.USAGE, typed.status(), typed.err());
        assertEquals(
                "penstock: --transition " + time + ": is no time from 0s to 10m; write one such as 500ms\n",
                typed.err());
    }
}
