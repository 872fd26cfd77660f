package io.penstock.agent.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.forward.server.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
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
        List<String> rows = rows(DESIGN_PAGE, table);
        assertTrue(rows.size() >= 5, "rows: " + rows.size());
        for (String row : rows) {
            String last = row.substring(row.lastIndexOf("| `"));
            List<MatchResult> named =
                    Pattern.compile("`(\\w+)\\.(\\w+)`").matcher(last).results().toList();
            assertTrue(!named.isEmpty(), "names no test: " + row);
            for (MatchResult test : named) {
                assertTrue(isTest(test.group(1), test.group(2)), "there is no " + test.group() + " for: " + row);
            }
        }
    }

    private static boolean isTest(String type, String method) throws IOException {
        Pattern declared = Pattern.compile("(?s)@(?:Parameterized)?Test\\b(?:(?!\\n    }).)*?void " + method + "\\(");
        for (Path folder : TESTS) {
            Path file = folder.resolve(type + ".java");
            if (Files.exists(file) && declared.matcher(Files.readString(file)).find()) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> reasons(Path page) throws IOException {
        return rows(page, REFUSED).stream()
                .map(row -> row.split("`", -1)[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rows of the table that begins with {@code head}. */
    private static List<String> rows(Path page, String head) throws IOException {
        String document = Files.readString(page);
        String table = document.substring(document.indexOf(head));
        return table.substring(0, table.indexOf("\n\n")).lines().skip(2).toList();
    }
}
