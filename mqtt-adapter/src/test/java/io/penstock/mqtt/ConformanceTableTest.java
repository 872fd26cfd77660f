package io.penstock.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares docs/design/mqtt-conformance.md with the tests: for each statement it must name the test, or the reason why
 * there is none, and it must be complete.
 */
class ConformanceTableTest {
    /** The number of statements in each section by appendix B of the standard; MQTT 5's section 2.2.1 begins with 2. */
    private static final String SECTIONS_5 = """
            1.5.4:3 1.5.5:1 1.5.7:1 2.1.3:1 2.2.1:6 2.2.2:1 3.1.0:2 3.1.2:30 3.1.3:12 3.1.4:6 3.2.0:2 3.2.2:22 3.3.1:13
            3.3.2:20 3.3.4:10 3.4.2:3 3.5.2:3 3.6.1:1 3.6.2:3 3.7.2:3 3.8.1:1 3.8.3:5 3.8.4:8 3.9.2:2 3.9.3:2 3.10.1:1
            3.10.3:2 3.10.4:6 3.11.2:2 3.11.3:2 3.12.4:1 3.14.0:1 3.14.1:1 3.14.2:4 3.14.4:3 3.15.1:1 3.15.2:3 4.1.0:2
            4.2.0:1 4.3.1:1 4.3.2:5 4.3.3:13 4.4.0:2 4.5.0:2 4.6.0:6 4.7.0:1 4.7.1:2 4.7.2:1 4.7.3:4 4.8.2:6 4.9.0:3
            4.12.0:7 4.12.1:2 4.13.1:1 4.13.2:1 6.0.0:4""";

    private static final String SECTIONS_311 = """
            1.5.3:3 2.2.2:2 2.3.1:7 3.1.0:2 3.1.2:24 3.1.3:11 3.1.4:5 3.2.0:1 3.2.2:6 3.3.1:12 3.3.2:3 3.3.4:1 3.3.5:2
            3.6.1:1 3.8.1:1 3.8.3:4 3.8.4:6 3.9.3:2 3.10.1:1 3.10.3:2 3.10.4:6 3.12.4:1 3.14.1:1 3.14.4:3 4.1.0:2 4.3.1:1
            4.3.2:2 4.3.3:2 4.4.0:1 4.5.0:2 4.6.0:6 4.7.1:3 4.7.2:1 4.7.3:4 4.8.0:2 6.0.0:4 7.0.0:2 7.1.1:1 7.1.2:1""";

    private static final Path DOCUMENT = Path.of("../docs/design/mqtt-conformance.md");
    private static final Path TESTS = Path.of("src/test/java/io/penstock/mqtt");
    private static final Pattern NAME = Pattern.compile("@DisplayName\\(\\s*\"([^\"]*)\"");
    private static final Pattern STATEMENT = Pattern.compile("\\[(MQTT-\\d\\.\\d+\\.\\d+-\\d+(?: of 3\\.1\\.1)?)]");
    private static final Pattern RANGE = Pattern.compile("(\\d\\.\\d+\\.\\d+)-(\\d+)(?: to -(\\d+))?");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (MQTT-[^|]+) \\| [^|]+ \\| ([^|]+) \\|$");

    @Test
    void theTableAndTheTestsAgree() throws IOException {
        Map<String, String> table = new TreeMap<>();
        Matcher rows = ROW.matcher(Files.readString(DOCUMENT));
        while (rows.find()) {
            table.put(rows.group(1), rows.group(2));
        }
        assertTrue(table.size() > 200, "rows: " + table.size());
        assertEquals(tested(), table);
    }

    @ParameterizedTest
    @CsvSource({"MQTT 5, 251", "MQTT 3.1.1, 141"})
    void noStatementIsLeftOutAndNoneIsInvented(String standard, int count) throws IOException {
        boolean five = standard.equals("MQTT 5");
        Set<String> numbered = numbered(five ? SECTIONS_5 : SECTIONS_311);
        if (five) {
            numbered.remove("2.2.1-1");
        }
        assertEquals(count, numbered.size());
        String document = Files.readString(DOCUMENT);
        String part = document.substring(document.indexOf("## " + standard + "\n"));
        assertEquals(numbered, told(part.split("\n## ", -1)[0]));
    }

    private static Set<String> numbered(String sections) {
        Set<String> all = new TreeSet<>();
        for (String section : sections.split("\\s+", -1)) {
            String[] parts = section.split(":", -1);
            for (int number = 1; number <= Integer.parseInt(parts[1]); number++) {
                all.add(parts[0] + "-" + number);
            }
        }
        return all;
    }

    /** The statements in the rows and reasons of this part of the document; each must occur once. */
    private static Set<String> told(String part) {
        Set<String> told = new TreeSet<>();
        Matcher ranges = RANGE.matcher(part);
        while (ranges.find()) {
            int from = Integer.parseInt(ranges.group(2));
            int to = ranges.group(3) == null ? from : Integer.parseInt(ranges.group(3));
            for (int number = from; number <= to; number++) {
                assertTrue(told.add(ranges.group(1) + "-" + number), "twice: " + ranges.group());
            }
        }
        return told;
    }

    private static Map<String, String> tested() throws IOException {
        Map<String, TreeSet<String>> classes = new TreeMap<>();
        List<Path> files;
        try (Stream<Path> listed = Files.walk(TESTS)) {
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
