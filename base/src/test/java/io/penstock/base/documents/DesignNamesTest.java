package io.penstock.base.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The types and tests that the maintainers' documents name are in the sources, also after they were renamed there. */
class DesignNamesTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)(?:[.#]\\w+)?`");
    private static final Pattern WORD = Pattern.compile("\\b[A-Z]\\w+");

    @Test
    void everyTypeThatTheDesignNamesIsThere() throws IOException {
        Set<String> types = new HashSet<>();
        Set<String> words = new HashSet<>();
        for (Path file : SourceTree.textFiles()) {
            String name = file.getFileName().toString();
            if (name.endsWith(".java")) {
                types.add(name.replace(".java", ""));
                Matcher matcher = WORD.matcher(Files.readString(file));
                while (matcher.find()) {
                    words.add(matcher.group());
                }
            }
        }
        Set<String> unknown = new TreeSet<>();
        int named = 0;
        for (Path document : SourceTree.textFiles()) {
            if (document.startsWith(SourceTree.ROOT.resolve("docs/design"))) {
                Matcher names = NAMED.matcher(Files.readString(document));
                while (names.find()) {
                    named++;
                    String name = names.group(1);
                    if (!types.contains(name) && (isTest(name) || !words.contains(name))) {
                        unknown.add(SourceTree.ROOT.relativize(document) + " names " + name);
                    }
                }
            }
        }
        assertEquals(Set.of(), unknown);
        assertTrue(named > 50, "names: " + named);
    }

    /** A test is a file of its own; other names may be nested types, or those of a library. */
    private static boolean isTest(String name) {
        return name.endsWith("Test") || name.endsWith("IT");
    }
}
