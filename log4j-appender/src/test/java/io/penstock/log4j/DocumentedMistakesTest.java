package io.penstock.log4j;

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
class DocumentedMistakesTest {
    private static final Path DOCUMENT = Path.of("../docs/log4j.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([a-zA-Z]+='.*?)` \\| (no appender|the default) \\| `(.*?)` \\|$");

    static List<Arguments> rows() throws Exception {
        List<Arguments> rows = new ArrayList<>();
        Matcher table = ROW.matcher(Files.readString(DOCUMENT));
        while (table.find()) {
            rows.add(Arguments.of(table.group(1), table.group(2).equals("the default"), table.group(3)));
        }
        return rows;
    }

    @Test
    void theTableHasRows() throws Exception {
        assertTrue(rows().size() > 12, rows().toString());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isNamedInTheStatusLog(String attributes, boolean goesOn, String reason) throws Exception {
        try (TestAgent agent = new TestAgent();
                Application application = new Application(appender(agent.port(), attributes))) {
            assertTrue(application.told(reason), application.status.toString());
            assertFalse(application.told("very secret"), application.status.toString());
            assertEquals(goesOn, application.context().getConfiguration().getAppender("sut") != null);
            if (goesOn) {
                application.logger("a").info("taken");
                await().until(() -> agent.records().size() == 1);
            }
        }
    }

    /** An attribute may be there once only, so those of the row take the place of ours. */
    private static String appender(int port, String attributes) {
        String host = attributes.startsWith("host=") ? "" : "host='127.0.0.1' ";
        String ours = attributes.startsWith("port=") ? "" : "port='" + port + "' ";
        return "<Penstock name='sut' lingerMillis='5' " + host + ours + attributes + "/>";
    }
}
