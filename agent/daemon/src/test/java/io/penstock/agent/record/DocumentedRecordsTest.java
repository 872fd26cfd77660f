package io.penstock.agent.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.route.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples in the document are what is written. */
class DocumentedRecordsTest {
    private static final Path DOCUMENT = Path.of("../../docs/records.md");

    private final Encoding encoding = new Encoding();

    @Test
    void theExamplesAreWhatTheEncoderWrites() throws IOException {
        byte[] payload = "{\"celsius\": 21.5}".getBytes(StandardCharsets.UTF_8);
        List<String> written = List.of(
                withoutId(encoding.mqtt(FakePublish.of("sensors/7/temperature", "dev-7", payload), FieldNames.DEFAULT)),
                withoutId(encoding.bridged(
                        "plant", FakePublish.of("sensors/7/temperature", "own-id", payload), FieldNames.DEFAULT)),
                withoutId(encoding.object("{\"customer\": 12, \"total\": 9.50}", FieldNames.DEFAULT, "order-4711")),
                withoutId(encoding.text("a line of text", FieldNames.DEFAULT, "")));
        assertEquals(
                written,
                examples().stream().map(DocumentedRecordsTest::withoutId).toList());
    }

    @Test
    void everyFieldOfAPublishIsDocumented() throws IOException {
        String document = Files.readString(DOCUMENT);
        for (Source source : List.of(Source.MQTT, Source.BRIDGE)) {
            for (String name : source.ownFields()) {
                assertTrue(document.contains("`" + name + "`"), name);
            }
        }
    }

    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        Matcher blocks = Pattern.compile("(?s)```json\n(.*?)```").matcher(Files.readString(DOCUMENT));
        while (blocks.find()) {
            examples.addAll(List.of(blocks.group(1).strip().split("\n")));
        }
        return examples;
    }

    private static String withoutId(String record) {
        return record.replaceAll("\"@id\":\"[0-9A-Z]{26}\"", "\"@id\":\"made\"");
    }
}
