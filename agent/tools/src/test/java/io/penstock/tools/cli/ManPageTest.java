package io.penstock.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.cli.PenstockCommand;
import io.penstock.fixtures.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("captures the process's standard output")
class ManPageTest {
    /** Where packages take them from. */
    private static final Path FOLDER = Path.of("target", "man");

    @Test
    void eachCommandHasOneWithItsOptions() throws IOException {
        Typed typed = Typed.into(PenstockCommand::execute, "generate-man-pages", FOLDER.toString());
        assertEquals(0, typed.status(), typed.err());
        String page = Files.readString(FOLDER.resolve("penstock-dead-letters-drop.1"));
        assertTrue(page.startsWith(".TH \"PENSTOCK-DEAD-LETTERS-DROP\" 1"), page);
        assertTrue(page.contains("\\fB\\-\\-yes\\fR"), page);
        assertTrue(Files.exists(FOLDER.resolve("penstock.1")));
        assertTrue(Files.exists(FOLDER.resolve("penstock-run.1")));
    }

    @Test
    void holdNoMarkupOfPicocliAndNoAccidentalMacro() {
        Map<String, String> pages = ManPage.all(PenstockCommand.commandLine());
        pages.forEach((name, page) -> {
            assertFalse(page.contains("@|") || page.contains("${") || page.contains("%n"), () -> name + ":\n" + page);
            page.lines()
                    .filter(line -> line.startsWith("."))
                    .forEach(line -> assertTrue(line.matches("\\.(TH|SH|PP|TP)( .*)?"), () -> name + ": " + line));
        });
    }
}
