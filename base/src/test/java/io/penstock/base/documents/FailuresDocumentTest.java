package io.penstock.base.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.base.condition.ConditionName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/failures.md has a section for each name of a condition and for no other, with the same four parts. */
class FailuresDocumentTest {
    private static final String SECTION = "### ";
    private static final List<String> PARTS =
            List.of("- **Symptom:** ", "- **What you see:** ", "- **Cause:** ", "- **Remedy:** ");

    private static List<String> lines() throws IOException {
        return Files.readAllLines(SourceTree.ROOT.resolve("docs/failures.md"));
    }

    @Test
    void eachNameHasItsSection() throws IOException {
        assertEquals(
                Stream.of(ConditionName.values())
                        .map(ConditionName::id)
                        .sorted()
                        .toList(),
                lines().stream()
                        .filter(line -> line.startsWith(SECTION))
                        .map(line -> line.substring(SECTION.length()))
                        .sorted()
                        .toList());
    }

    @Test
    void eachSectionSaysSymptomSightCauseAndRemedy() throws IOException {
        List<String> wrong = new ArrayList<>();
        String section = "";
        List<String> parts = new ArrayList<>();
        for (String line : lines()) {
            if (line.startsWith("#")) {
                if (!section.isEmpty() && !parts.equals(PARTS)) {
                    wrong.add(section + " " + parts);
                }
                section = line.startsWith(SECTION) ? line : "";
                parts.clear();
            }
            PARTS.stream().filter(line::startsWith).forEach(parts::add);
        }
        assertEquals(List.of(), wrong);
        assertEquals(PARTS, parts);
    }
}
