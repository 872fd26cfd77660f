package io.penstock.engine.junit.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentedExampleTest {
    private static String example(String name, String start) throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/penstock/engine/junit/example/" + name + ".java"));
        return source.substring(source.indexOf(start));
    }

    @ParameterizedTest
    @CsvSource({
        "OrdersTest, @WithEngine",
        "ThrottlingTest, class ThrottlingTest",
        "PenstockContainer, class PenstockContainer"
    })
    void theDocumentShowsTheExamplesThatAreTested(String name, String start) throws IOException {
        String document = Files.readString(Path.of("../../docs/engine-tests.md"));
        assertTrue(
                document.contains("```java\n" + example(name, start) + "```\n"),
                "docs/engine-tests.md shows another " + name);
    }

    @Test
    void theJavadocShowsTheExampleThatIsTested() throws IOException {
        String javadoc = Files.readString(Path.of("src/main/java/io/penstock/engine/junit/EngineExtension.java"));
        String commented = example("ThrottlingTest", "class ThrottlingTest")
                .lines()
                .map(line -> (" * " + line).stripTrailing() + "\n")
                .collect(Collectors.joining());
        assertTrue(javadoc.contains(" * <pre>{@code\n" + commented + " * }</pre>\n"), "the Javadoc shows another one");
    }
}
