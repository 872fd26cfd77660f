package io.penstock.engine.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DocumentedExampleTest {
    @Test
    void theDocumentShowsTheExampleThatIsTested() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/penstock/engine/example/OrdersTest.java"));
        String example = source.substring(source.indexOf("class OrdersTest"));
        String document = Files.readString(Path.of("../docs/engine-tests.md"));
        assertTrue(document.contains("```java\n" + example + "```\n"), "docs/engine-tests.md shows another OrdersTest");
    }
}
