package io.penstock.agent.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What must hold for any request at all. The entry of Jazzer, which {@code agent/bench/fuzz otlp} runs;
 * {@link OtlpFuzzTest} tries some in each build.
 */
public final class OtlpFuzz {
    /** Protobuf for Java overlooks what a number has beyond 64 bits, and a field number beyond 32. */
    private static final int OVERLONG = -2;

    private OtlpFuzz() {}

    /** The first byte chooses the encoding; the others are the body. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] body = Arrays.copyOfRange(input, 1, input.length);
        if ((input[0] & 1) == 0) {
            protobuf(body);
        } else {
            json(body);
        }
    }

    /** Writes requests to begin with into a folder. */
    public static void main(String[] folder) throws IOException {
        Path first = Files.createDirectories(Path.of(folder[0]));
        OtlpFuzzTest.samples(20).forEach(sample -> {
            try {
                byte[] body = sample.toByteArray();
                byte[] input = new byte[body.length + 1];
                System.arraycopy(body, 0, input, 1, body.length);
                String name = "request-" + Arrays.hashCode(body);
                Files.write(first.resolve(name), input);
                for (String record : Reading.raw(Encoding.PROTOBUF, body).records) {
                    Files.writeString(first.resolve(name + ".json"), "1" + OtlpFuzzTest.json(record));
                }
            } catch (IOException | Damaged | Refused defect) {
                throw new IllegalStateException(defect);
            }
        });
    }

    /** Protobuf's own classes find as many log records, if they read it at all. */
    static void protobuf(byte[] body) {
        int expected = -1;
        try {
            expected = records(ExportLogsServiceRequest.parseFrom(body));
        } catch (InvalidProtocolBufferException refused) {
            // Then it may be refused here, too.
        }
        int found = read(Encoding.PROTOBUF, body);
        if (expected >= 0 && found != OVERLONG) {
            assertEquals(expected, found);
        }
    }

    /** What is valid JSON is log records, or is refused. */
    static void json(byte[] body) {
        if (new JsonScanner().isValue(body, 0, body.length)) {
            read(Encoding.JSON, body);
        }
    }

    /** Returns how many log records there are, broken ones included; negative if the body is refused. */
    static int read(Encoding encoding, byte[] body) {
        try {
            Reading reading = Reading.raw(encoding, body);
            for (String record : reading.records) {
                byte[] json = record.getBytes(StandardCharsets.UTF_8);
                assertTrue(new JsonScanner().isValue(json, 0, json.length), record);
            }
            return reading.records.size() + reading.damages.size();
        } catch (Damaged refused) {
            boolean overlong = refused.what().contains("more than 64 bits")
                    || refused.what().contains("field number");
            return overlong ? OVERLONG : -1;
        } catch (Refused impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int records(ExportLogsServiceRequest request) {
        return request.getResourceLogsList().stream()
                .flatMap(logs -> logs.getScopeLogsList().stream())
                .mapToInt(ScopeLogs::getLogRecordsCount)
                .sum();
    }
}
