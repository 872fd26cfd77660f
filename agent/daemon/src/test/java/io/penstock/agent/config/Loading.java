package io.penstock.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads texts in an environment that the test makes. */
final class Loading {
    static final Path HOME = Path.of("/home/ada");
    static final Path FOLDER = Path.of("/etc/penstock");

    private Loading() {}

    static ConfigurationLoader loader(Map<String, String> variables) {
        return new ConfigurationLoader(new Environment(variables, Optional.of(HOME), FOLDER, Optional.empty()));
    }

    static ConfigurationResult result(String yaml) {
        return loader(Map.of()).parse(yaml);
    }

    static Configuration configuration(String yaml) {
        return configuration(yaml, Map.of());
    }

    static Configuration configuration(String yaml, Map<String, String> variables) {
        ConfigurationResult result = loader(variables).parse(yaml);
        return assertInstanceOf(ConfigurationResult.Loaded.class, result, result::toString)
                .configuration();
    }

    static List<Mistake> mistakes(String yaml) {
        return assertInstanceOf(ConfigurationResult.Invalid.class, result(yaml)).mistakes();
    }

    /** The text has exactly these mistakes, each as {@code LINE:COLUMN: KEY: REASON; REMEDY}. */
    static void assertMistakes(String yaml, String... described) {
        assertEquals(
                List.of(described),
                mistakes(yaml).stream().map(mistake -> mistake.describe("f")).toList());
    }
}
