package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/mqtt-conformance.md says of each statement where it is tested, as the tests themselves say it. */
class ConformanceTableTest {
    private static final Path DOCUMENT = Path.of("../docs/mqtt-conformance.md");
    private static final Path TESTS = Path.of("src/test/java/io/penstock/mqtt");
    private static final Pattern NAME = Pattern.compile("@DisplayName\\(\\s*\"([^\"]*)\"");
    private static final Pattern STATEMENT = Pattern.compile("\\[(MQTT-\\d\\.\\d+\\.\\d+-\\d+(?: of 3\\.1\\.1)?)]");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (MQTT-[^|]+) \\| [^|]+ \\| ([^|]+) \\|$");

    @Test
    void theTableAndTheTestsAgree() throws IOException {
        Map<String, String> table = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(DOCUMENT));
        while (rows.find()) {
            table.put(rows.group(1), rows.group(2));
        }
        assertTrue(table.size() > 100, "rows: " + table.size());
        assertEquals(tested(), table);
    }

    private static Map<String, String> tested() throws IOException {
        Map<String, TreeSet<String>> classes = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> listed = Files.list(TESTS)) {
            files = listed.filter(file -> file.toString().endsWith("Test.java")).toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString().replace(".java", "");
            Matcher names = NAME.matcher(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""));
            while (names.find()) {
                Matcher statements = STATEMENT.matcher(names.group(1));
                while (statements.find()) {
                    classes.computeIfAbsent(statements.group(1), statement -> new TreeSet<>())
                            .add(name);
                }
            }
        }
        Map<String, String> tested = new TreeMap<>();
        classes.forEach((statement, in) -> tested.put(statement, String.join(", ", in)));
        return tested;
    }
}
