package io.penstock.logback;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.fixtures.TestAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of mistakes in the document, row by row. */
class MistakesTest {
    private static final Path DOCUMENT = Path.of("../docs/logback.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(<.*?>)` \\| (not started|goes on) \\| `(.*?)` \\|$");

    static List<Arguments> rows() throws Exception {
        List<Arguments> rows = new ArrayList<>();
        Matcher table = ROW.matcher(Files.readString(DOCUMENT));
        while (table.find()) {
            rows.add(Arguments.of(table.group(1), table.group(2).equals("goes on"), table.group(3)));
        }
        return rows;
    }

    @Test
    void theTableHasRows() throws Exception {
        assertTrue(rows().size() > 12, rows().toString());
    }

    @Test
    void aTagThatIsTooLongIsNamed() throws Exception {
        isNamedInTheStatus("<tag>" + "x".repeat(171) + "</tag>", false, "tag has 1 to 170 characters");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isNamedInTheStatus(String elements, boolean goesOn, String reason) throws Exception {
        try (TestAgent agent = new TestAgent();
                Application application = new Application(PenstockAppenderTest.appender(agent.port(), elements))) {
            assertTrue(application.told(reason), application.status().toString());
            assertEquals(goesOn, application.appender().isStarted());
            application.logger("a").info("taken");
            if (goesOn) {
                await().until(() -> agent.records().size() == 1);
            } else {
                assertTrue(
                        application.told("Penstock appender sut: "),
                        application.status().toString());
                assertTrue(application.told("correct it"), application.status().toString());
                assertFalse(
                        application.told("very secret"), application.status().toString());
            }
        }
    }
}
