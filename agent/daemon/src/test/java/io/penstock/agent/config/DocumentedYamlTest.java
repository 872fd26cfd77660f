package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A configuration that a user's page shows can be pasted")
class DocumentedYamlTest {
    private static final Path DOCS = Path.of("../../docs");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");
    private static final Pattern SECTION = Pattern.compile("(?m)^([a-z0-9-]+):");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)");

    static List<Arguments> blocks() throws IOException {
        List<Arguments> blocks = new ArrayList<>();
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                Matcher block = BLOCK.matcher(Files.readString(page));
                while (block.find()) {
                    Matcher section = SECTION.matcher(block.group(1));
                    // Others are of other programs, such as the OpenTelemetry Collector.
                    if (section.find() && Vocabulary.all().contains(section.group(1))) {
                        blocks.add(Arguments.of(page.getFileName().toString(), block.group(1)));
                    }
                }
            }
        }
        return blocks;
    }

    @Test
    void thereAreSome() throws IOException {
        assertTrue(blocks().size() > 20, "blocks: " + blocks().size());
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void isTaken(String page, String yaml) {
        Map<String, String> variables = new HashMap<>();
        Matcher variable = VARIABLE.matcher(yaml);
        while (variable.find()) {
            variables.put(variable.group(1), "a-value-of-some-length");
        }
        ConfigurationResult result = Loading.loader(variables).parse(yaml);
        assertInstanceOf(ConfigurationResult.Loaded.class, result, () -> page + "\n" + yaml + result);
    }
}
