package io.penstock.agent.documents;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Tables of documents whose last column names the tests that prove a row, as {@code Type.method}. */
public final class TestedRows {
    private TestedRows() {}

    /** The rows of the table that begins with {@code head}. */
    public static List<String> rows(Path page, String head) throws IOException {
        String document = Files.readString(page);
        String table = document.substring(document.indexOf(head));
        return table.substring(0, table.indexOf("\n\n")).lines().skip(2).toList();
    }

    /** Fails unless the row names a test, and each that it names is in a file of {@code folders}. */
    public static void assertNamesTests(String row, List<Path> folders) throws IOException {
        String last = row.substring(row.lastIndexOf("| `"));
        List<MatchResult> named =
                Pattern.compile("`(\\w+)\\.(\\w+)`").matcher(last).results().toList();
        assertTrue(!named.isEmpty(), "names no test: " + row);
        for (MatchResult test : named) {
            assertTrue(isTest(folders, test.group(1), test.group(2)), "there is no " + test.group() + " for: " + row);
        }
    }

    private static boolean isTest(List<Path> folders, String type, String method) throws IOException {
        Pattern declared =
                Pattern.compile("(?s)@(?:Parameterized)?Test\\b(?:(?!\\n    }\\n).)*?void " + method + "\\(");
        for (Path folder : folders) {
            Path file = folder.resolve(type + ".java");
            if (Files.exists(file) && declared.matcher(Files.readString(file)).find()) {
                return true;
            }
        }
        return false;
    }
}
