package io.penstock.agent.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The documents are right about what a log record becomes. */
class OtlpDocumentTest {
    private static final Path RECORDS = Path.of("../../docs/records.md");
    private static final Path OTLP = Path.of("../../docs/otlp.md");

    @Test
    void theExampleIsWhatIsWritten() throws Exception {
        Matcher example = Pattern.compile("(?s)```jsonl\n(.*?)\n```").matcher(Files.readString(RECORDS));
        assertTrue(example.find());
        String body = """
                {"resourceLogs":[{
                  "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"checkout"}}]},
                  "scopeLogs":[{"scope":{"name":"com.acme.Cart"},"logRecords":[{
                    "timeUnixNano":1767323045000000006,"severityNumber":17,"severityText":"ERROR",
                    "body":{"stringValue":"lost"},"attributes":[{"key":"cart","value":{"intValue":42}}],
                    "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174"}]}]}]}
                """;
        String written = Reading.whole(Encoding.JSON, body.getBytes(StandardCharsets.UTF_8))
                .records
                .get(0);
        assertEquals(withoutId(written), withoutId(example.group(1)));
    }

    @Test
    void everyMemberOfARecordIsDocumented() throws Exception {
        String document = Files.readString(RECORDS);
        for (String name : LogEvent.NAMES) {
            assertTrue(document.contains("`" + name + "`"), name);
        }
        for (Field field : Message.ANY_VALUE.fields()) {
            assertTrue(document.contains("`" + field.name() + "`"), field.name());
        }
    }

    @Test
    void theRequestToPasteIsARequest() throws Exception {
        Matcher request = Pattern.compile("(?s)-d '(.*?)'").matcher(Files.readString(OTLP));
        assertTrue(request.find());
        Reading reading = Reading.raw(request.group(1));
        assertEquals(List.of("checkout"), reading.services);
        assertEquals(1, reading.records.size());
    }

    private static String withoutId(String record) {
        return record.replaceAll("\"@id\":\"[0-9A-Z]{26}\"", "\"@id\":\"made\"");
    }
}
