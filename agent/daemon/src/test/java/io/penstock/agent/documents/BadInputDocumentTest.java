package io.penstock.agent.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row of the users' tables of bad input has its tests in the maintainers' ones. */
class BadInputDocumentTest {
    private static final Path DOCUMENTS = Path.of("../../docs");

    /** All folders of tests of the product. */
    private static List<Path> tests() throws IOException {
        try (Stream<Path> found = Stream.of("../daemon", "../tools", "../../mqtt-adapter", "../../stream-engine")
                .map(module -> Path.of(module, "src/test/java"))
                .flatMap(BadInputDocumentTest::folders)) {
            return found.toList();
        }
    }

    private static Stream<Path> folders(Path root) {
        try {
            return Files.walk(root).filter(Files::isDirectory);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http.md, design/http.md, | what is wrong |, 20",
        "otlp.md, design/http.md, | input |, 10",
        "mqtt.md, design/mqtt.md, | what is refused |, 15",
        "log4j.md, design/log4j.md, | what comes |, 8"
    })
    void eachRowOfTheUsersTableNamesATestThatThereIs(String users, String design, String head, int least)
            throws IOException {
        List<String> rows = TestedRows.rows(DOCUMENTS.resolve(design), head);
        assertTrue(rows.size() >= least, "rows: " + rows.size());
        List<Path> folders = tests();
        for (String row : rows) {
            TestedRows.assertNamesTests(row, folders);
        }
        assertEquals(firstCells(TestedRows.rows(DOCUMENTS.resolve(users), head)), firstCells(rows));
    }

    /** Without the targets of links, which differ from page to page. */
    private static List<String> firstCells(List<String> rows) {
        return rows.stream()
                .map(row -> row.substring(2, row.indexOf(" | ")))
                .map(cell -> cell.replaceAll("]\\([^)]*\\)", "]"))
                .toList();
    }
}
