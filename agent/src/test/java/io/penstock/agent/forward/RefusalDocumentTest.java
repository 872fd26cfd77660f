package io.penstock.agent.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forward.server.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The document's table of refusals has a row for each reason that the agent's forward source can give. */
class RefusalDocumentTest {
    @Test
    void theTableNamesEveryReason() throws IOException {
        String document = Files.readString(Path.of("../docs/forward.md"));
        String table = document.substring(document.indexOf("| reason | when |"));
        table = table.substring(0, table.indexOf("\n\n"));
        Set<String> named = new TreeSet<>();
        Matcher rows = Pattern.compile("(?m)^\\| (`[a-z_`, ]+) \\|").matcher(table);
        while (rows.find()) {
            named.addAll(Set.of(rows.group(1).replace("`", "").split(", ")));
        }
        // The agent sets no idle limit.
        assertEquals(
                Stream.of(Refusal.values())
                        .filter(reason -> reason != Refusal.IDLE)
                        .map(Refusal::label)
                        .collect(Collectors.toCollection(TreeSet::new)),
                named);
    }
}
