package io.penstock.agent.kinesisapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.documents.TestedRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each row of the users' table of refusals has its test in the maintainers' one. */
class ApiDocumentTest {
    private static final String REFUSED = "| what is wrong |";
    private static final Path USERS_PAGE = Path.of("../../docs/kinesis-api.md");
    private static final Path DESIGN_PAGE = Path.of("../../docs/design/kinesis-api.md");
    private static final List<Path> TESTS = List.of(
            Path.of("src/test/java/io/penstock/agent/kinesisapi"),
            Path.of("../../stream-engine/src/test/java/io/penstock/engine/auth"));

    private static List<String> firstCells(List<String> rows) {
        return rows.stream().map(row -> row.substring(2, row.indexOf(" | "))).toList();
    }

    @Test
    void eachRowOfTheUsersTableNamesATestThatThereIs() throws IOException {
        List<String> rows = TestedRows.rows(DESIGN_PAGE, REFUSED);
        assertTrue(rows.size() >= 15, "rows: " + rows.size());
        for (String row : rows) {
            TestedRows.assertNamesTests(row, TESTS);
        }
        assertEquals(firstCells(TestedRows.rows(USERS_PAGE, REFUSED)), firstCells(rows));
    }
}
