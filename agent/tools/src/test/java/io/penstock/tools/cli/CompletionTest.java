package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import io.penstock.fixtures.Typed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("captures the process's standard output")
class CompletionTest {
    @Test
    void theScriptKnowsTheCommandsAndTheirOptions() {
        Typed script = Typed.into(PenstockCommand::execute, "generate-completion");
        assertEquals(0, script.status());
        for (String word : List.of("tail", "streams", "describe", "inspect", "--endpoint-url", "--from-start")) {
            assertTrue(script.out().contains(word), word);
        }
    }
}
