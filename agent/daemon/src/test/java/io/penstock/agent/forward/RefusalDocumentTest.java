package io.penstock.agent.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.documents.TestedRows;
import io.penstock.forward.server.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables of what is refused or held back have a row for each reason: on the users' page, and on the maintainers'
 * page, where each row names the test that proves it.
 */
class RefusalDocumentTest {
    private static final String REFUSED = "| reason | when |";
    private static final Path USERS_PAGE = Path.of("../../docs/forward.md");
    private static final Path DESIGN_PAGE = Path.of("../../docs/design/forward.md");
    private static final List<Path> TESTS = List.of(
            Path.of("src/test/java/io/penstock/agent/forward"),
            Path.of("../../fluentd-forward/server/src/test/java/io/penstock/forward/server"));

    @Test
    void theTablesNameEveryReason() throws IOException {
        Set<String> named = reasons(DESIGN_PAGE);
        // The agent sets no idle limit.
        assertEquals(
                Stream.of(Refusal.values())
                        .filter(reason -> reason != Refusal.IDLE)
                        .map(Refusal::label)
                        .collect(Collectors.toCollection(TreeSet::new)),
                named);
        assertEquals(named, reasons(USERS_PAGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {REFUSED, "| what is wrong | PONG |", "| when | until |"})
    void eachRowNamesATestThatThereIs(String table) throws IOException {
        List<String> rows = TestedRows.rows(DESIGN_PAGE, table);
        assertTrue(rows.size() >= 5, "rows: " + rows.size());
        for (String row : rows) {
            TestedRows.assertNamesTests(row, TESTS);
        }
    }

    private static Set<String> reasons(Path page) throws IOException {
        return TestedRows.rows(page, REFUSED).stream()
                .map(row -> row.split("`", -1)[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
