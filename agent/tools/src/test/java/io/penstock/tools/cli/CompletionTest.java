package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import io.penstock.fixtures.Typed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    /** Bash runs the script with a {@code penstock} that lists two streams. */
    @Test
    void bashCompletesTheNamesOfTheStreamsOfTheEndpointOnTheCommandLine(@TempDir Path folder) throws Exception {
        Typed script = Typed.into(PenstockCommand::execute, "generate-completion");
        Path completion = Files.writeString(folder.resolve("completion"), script.out());
        Path penstock = folder.resolve("penstock");
        Files.writeString(
                penstock,
                "#!/bin/sh\necho \"$*\" >> " + folder + "/asked\nprintf 'STREAM STATUS\\norders A\\nother B\\n'\n");
        assertTrue(penstock.toFile().setExecutable(true));
        String line = "COMP_WORDS=(" + penstock + " tail --endpoint-url http://there:1 or); COMP_CWORD=4;"
                + " _complete_penstock_and_streams; echo \"${COMPREPLY[*]}\"";
        Process bash = new ProcessBuilder("bash", "-c", "compopt() { :; }; source " + completion + "; " + line)
                .redirectErrorStream(true)
                .start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("orders", answer.strip());
        assertEquals(
                "streams list --endpoint-url http://there:1",
                Files.readString(folder.resolve("asked")).strip());
    }
}
