package io.penstock.agent.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bodies that the output {@code http} of Fluent Bit 5.1.1 sent, from its input {@code dummy}, in each of its formats
 * and
 * compressions.
 */
class FluentBitHttpTest {
    @ParameterizedTest
    @CsvSource({
        "json,        none,   application/json",
        "json_lines,  none,   application/x-ndjson",
        "json_stream, none,   application/json",
        "msgpack,     none,   application/msgpack",
        "gelf,        none,   application/json",
        "json,        gzip,   application/json",
        "json,        zstd,   application/json",
        "json,        snappy, application/json",
        "msgpack,     gzip,   application/msgpack",
        "msgpack,     zstd,   application/msgpack",
        "msgpack,     snappy, application/msgpack"
    })
    void everyEventOfEachFormatAndCompressionIsARecord(String format, String packed, String type) throws IOException {
        byte[] body = recorded(format + "." + packed);
        try (Harness http = new Harness()) {
            HttpRequest.Builder request = http.to("/app.fluent-bit")
                    .header("Content-Type", type)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            if (!packed.equals("none")) {
                request.header("Content-Encoding", packed);
            }
            HttpResponse<String> answer = http.send(request.build());
            assertEquals(200, answer.statusCode(), answer.body());
            List<String> records = http.spools.of("app").data();
            assertFalse(records.isEmpty());
            String prefix = format.equals("gelf") ? "_" : "";
            for (String record : records) {
                assertTrue(record.contains("\"" + prefix + "n\":1,"), record);
                assertTrue(record.contains("\"" + prefix + "pack\":\"" + packed + "\""), record);
                assertTrue(record.contains("\"h\u00e4llo\"") || record.contains("\"h\\u00e4llo\""), record);
                assertTrue(record.endsWith(",\"@tag\":\"app.fluent-bit\"}"), record);
                // The time of an entry, and of the JSON whose json_date_key is time; elsewhere the time of arrival.
                boolean timed = format.equals("json") || format.equals("msgpack");
                assertEquals(timed, record.contains("\"@timestamp\":\"2026-11-30T14:00:3"), record);
            }
        }
    }

    private static byte[] recorded(String name) throws IOException {
        try (InputStream in = FluentBitHttpTest.class.getResourceAsStream("fluent-bit/" + name)) {
            if (in == null) {
                throw new IllegalStateException("there is no fluent-bit/" + name);
            }
            return in.readAllBytes();
        }
    }
}
