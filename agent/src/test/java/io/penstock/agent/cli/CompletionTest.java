package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("captures the process's standard output")
class CompletionTest {
    @Test
    void theScriptKnowsTheCommandsAndTheirOptions() {
        Typed script = Typed.penstock("generate-completion");
        assertEquals(0, script.status());
        for (String word : List.of("tail", "streams", "describe", "inspect", "--endpoint-url", "--from-start")) {
            assertTrue(script.out().contains(word), word);
        }
    }
}
