package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.penstock.delivery.kinesis.settings.TargetAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference file and the documents say what is so. */
class ReferenceTest {
    private static final Path FILE = Path.of("../../config/penstock.yaml");
    private static final Path DOCUMENT = Path.of("../../docs/configuration.md");

    @Test
    void theReferenceFileLacksNothingButItsTarget() throws IOException {
        String text = Files.readString(FILE);
        long line = text.substring(0, text.indexOf("\n  endpoint:\n")).lines().count() + 1;
        assertEquals(
                "penstock.yaml:" + line + ":3: kinesis.endpoint: names no target; " + TargetAddress.CHOICES,
                String.join(
                        "\n",
                        Loading.mistakes(text).stream()
                                .map(mistake -> mistake.describe("penstock.yaml"))
                                .toList()));
    }

    @Test
    void theTableOfPortsIsThatOfTheDefaults() throws IOException {
        Set<String> defaults = new TreeSet<>();
        Matcher listens =
                Pattern.compile("(?m)^  listen: .*127\\.0\\.0\\.1:(\\d+)").matcher(Files.readString(FILE));
        while (listens.find()) {
            defaults.add(listens.group(1));
        }
        String readme = Files.readString(Path.of("../../README.md"));
        String table = readme.substring(readme.indexOf("## What listens where"), readme.indexOf("## Commands"));
        Set<String> told = new TreeSet<>();
        Matcher rows = Pattern.compile("(?m)^\\| (\\d+) \\|").matcher(table);
        while (rows.find()) {
            told.add(rows.group(1));
        }
        assertEquals(defaults, told);
        assertTrue(table.contains("| off unless `kinesis-api.listen` is set"), table);
    }

    @Test
    void withATargetTheReferenceFileIsTheDefaultsUnderItsDataFolder() throws IOException {
        assertEquals(Loading.configuration("data: /var/lib/penstock"), Loading.configuration(chosen()));
    }

    @Test
    void theReferenceFileShowsEveryKey() throws IOException {
        String shownAll = chosen().replaceAll("(?m)^#(?=routes:|  )", "");
        int engine = shownAll.indexOf("\nengine:");
        // Beside auth: none, a credentials-file is a mistake.
        String all =
                shownAll.substring(0, engine) + shownAll.substring(engine).replaceFirst("auth: none", "auth: sigv4");
        assertEquals(2, Loading.configuration(all).routes().size());
        Set<String> shown = new TreeSet<>();
        collect("", new ObjectMapper(new YAMLFactory()).readTree(all), shown);
        // Keys of a target are shown where they make sense, but they are the same for all.
        shown = shown.stream()
                .map(key -> key.replaceFirst("^targets\\.[^.]+(\\.|$)", "kinesis$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> read = documented();
        assertEquals(read, shown);
    }

    @Test
    void theDocumentHasEveryKeyWithItsDefault() throws IOException {
        String document = Files.readString(DOCUMENT);
        Matcher rows = Pattern.compile("(?m)^\\| `([a-z0-9.\\[\\]-]+)` \\| (?:`([^`]+)` )?")
                .matcher(document);
        Set<String> found = new TreeSet<>();
        while (rows.find()) {
            found.add(rows.group(1));
            if (rows.group(2) != null && !rows.group(1).equals("routes[].partition-key")) {
                Defaults.assertDefault(rows.group(1), rows.group(2));
            }
        }
        for (String key : documented()) {
            boolean section = document.contains("`" + key + ".") || key.equals("routes[].fields");
            boolean unused = document.contains("`" + key + ": ");
            assertTrue(found.contains(key) || section || unused, key);
        }
    }

    /** What is read, without the sources of later versions. */
    private static Set<String> documented() {
        Set<String> keys = new TreeSet<>(Vocabulary.all());
        keys.removeIf(
                key -> NotInThisVersion.TABLE.filled(source(key) + ".listen").isPresent());
        return keys;
    }

    private static String source(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }

    private static String chosen() throws IOException {
        return Files.readString(FILE).replace("  endpoint:\n", "  endpoint: embedded\n");
    }

    private static void collect(String path, JsonNode node, Set<String> into) {
        node.fields().forEachRemaining(field -> {
            String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            into.add(below);
            collect(below, field.getValue(), into);
        });
        node.elements().forEachRemaining(element -> {
            if (node.isArray()) {
                collect(path + "[]", element, into);
            }
        });
    }
}
