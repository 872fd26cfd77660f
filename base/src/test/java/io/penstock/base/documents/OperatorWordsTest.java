package io.penstock.base.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the operations page quotes in its {@code text} blocks and its table of log lines is what the program says. */
class OperatorWordsTest {
    private static final Pattern QUOTED = Pattern.compile("(?ms)^```text\\n(.*?)^```");
    private static final Pattern LOG_LINE = Pattern.compile("(?m)^\\| `([^`]+)` \\|");
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]++|\\\\.)*+)\"");
    private static final String VARIES = "…";

    /** If the parts of a message depend on cases, its literals have at least this average length. */
    private static final int USUAL_LITERAL = 10;

    @Test
    void eachQuotedMessageIsMadeOfTheTextsInTheSources() throws IOException {
        String texts = texts();
        List<String> unknown = new ArrayList<>();
        List<String> quoted = quoted(Files.readString(SourceTree.ROOT.resolve("docs/operations.md")));
        for (String message : quoted) {
            for (String piece : message.split("[" + VARIES + "\n]", -1)) {
                if (!isMadeOf(texts, piece.strip())) {
                    unknown.add(piece);
                }
            }
        }
        assertEquals(List.of(), unknown);
        assertTrue(quoted.size() > 25, "messages: " + quoted.size());
    }

    @Test
    void aMessageOfTwoTextsIsKnownAndAnotherIsNot() {
        String texts = "its shard is\n at the limit; \nraise max-rate\n";
        assertTrue(isMadeOf(texts, "its shard is at the limit;"));
        assertFalse(isMadeOf(texts, "its shard was at the limit;"));
    }

    private static List<String> quoted(String page) {
        List<String> quoted = new ArrayList<>();
        Matcher blocks = QUOTED.matcher(page);
        while (blocks.find()) {
            quoted.add(blocks.group(1));
        }
        String table = page.substring(page.indexOf("| the log says |"));
        Matcher lines = LOG_LINE.matcher(table.substring(0, table.indexOf("\n\n")));
        while (lines.find()) {
            quoted.add(lines.group(1));
        }
        return quoted;
    }

    private static boolean isMadeOf(String texts, String piece) {
        int literals = 0;
        for (int from = 0; from < piece.length(); literals++) {
            int known = from;
            int unknown = piece.length() + 1;
            while (unknown - known > 1) {
                int middle = (known + unknown) >>> 1;
                if (texts.contains(piece.substring(from, middle))) {
                    known = middle;
                } else {
                    unknown = middle;
                }
            }
            if (known == from) {
                return false;
            }
            from = known;
        }
        return literals <= 1 + piece.length() / USUAL_LITERAL;
    }

    /** The literals of all main sources, one a line. */
    private static String texts() throws IOException {
        StringBuilder texts = new StringBuilder();
        for (Path file : SourceTree.textFiles()) {
            if (file.toString().replace('\\', '/').contains("/src/main/java/")) {
                Matcher literals =
                        LITERAL.matcher(JOINED.matcher(Files.readString(file)).replaceAll(""));
                while (literals.find()) {
                    texts.append(literals.group(1).replace("{}", VARIES)).append('\n');
                }
            }
        }
        return texts.toString();
    }
}
