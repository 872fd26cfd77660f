package io.penstock.agent.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.penstock.agent.record.JsonFields;
import io.penstock.agent.record.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Bodies at random: whole ones, which both encodings must read alike and as protobuf's own classes do, and damaged
 * ones, which are read or refused and nothing else. {@code -Dpenstock.fuzz.rounds} and {@code -Dpenstock.fuzz.seed} set
 * how many and which.
 */
class OtlpFuzzTest {
    private static final int ROUNDS = Integer.getInteger("penstock.fuzz.rounds", 3_000);

    private final long seed =
            Long.getLong("penstock.fuzz.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);

    @Test
    void wholeBodiesAreReadAlikeInBothEncodings() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ExportLogsServiceRequest request = request();
            byte[] body = request.toByteArray();
            Reading read = Reading.raw(Encoding.PROTOBUF, body);
            assertEquals(OtlpFuzz.records(request), read.records.size(), this::replay);
            assertEquals(List.of(), read.damages, this::replay);
            for (String record : read.records) {
                byte[] again = json(record).getBytes(StandardCharsets.UTF_8);
                assertTrue(new JsonScanner().isValue(again, 0, again.length), this::replay);
                assertEquals(List.of(record), Reading.raw(Encoding.JSON, again).records, this::replay);
            }
        }
    }

    @Test
    void damagedProtobufIsReadOrRefused() {
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = damaged(request().toByteArray());
            trying(body, () -> OtlpFuzz.protobuf(body));
        }
    }

    @Test
    void damagedJsonIsReadOrRefused() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> records = Reading.raw(Encoding.PROTOBUF, request().toByteArray()).records;
            String record = records.isEmpty() ? "{}" : records.get(0);
            byte[] body = damaged(json(record).getBytes(StandardCharsets.UTF_8));
            trying(body, () -> OtlpFuzz.json(body));
        }
    }

    private void trying(byte[] body, Runnable check) {
        try {
            check.run();
        } catch (RuntimeException | AssertionError defect) {
            throw new AssertionError(replay() + " " + HexFormat.of().formatHex(body), defect);
        }
    }

    /** Some requests at random. */
    static List<ExportLogsServiceRequest> samples(int count) {
        OtlpFuzzTest test = new OtlpFuzzTest();
        return Stream.generate(test::request).limit(count).toList();
    }

    private String replay() {
        return "-Dpenstock.fuzz.seed=" + seed;
    }

    /** A record as the only one of a request; its members that a log record does not have are ignored. */
    static String json(String record) {
        String resource = member(record, "resource");
        String scope = member(record, "scope");
        return "{\"resourceLogs\":[{" + (resource.isEmpty() ? "" : "\"resource\":" + resource + ",")
                + schema(resource) + "\"scopeLogs\":[{"
                + (scope.isEmpty() ? "" : "\"scope\":" + scope + ",") + schema(scope) + "\"logRecords\":[" + record
                + "]}]}]}";
    }

    private static String schema(String json) {
        String url = member(json, "schemaUrl");
        return url.isEmpty() ? "" : "\"schemaUrl\":" + url + ",";
    }

    private static String member(String json, String name) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JsonFields fields = new JsonFields();
        return fields.find(bytes, 0, bytes.length, name.getBytes(StandardCharsets.UTF_8))
                ? new String(bytes, fields.valueFrom(), fields.valueEnd() - fields.valueFrom(), StandardCharsets.UTF_8)
                : "";
    }

    private byte[] damaged(byte[] whole) {
        byte[] body =
                whole.length == 0 || random.nextInt(4) > 0 ? whole : Arrays.copyOf(whole, random.nextInt(whole.length));
        for (int i = random.nextInt(4); i > 0 && body.length > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return body;
    }

    private ExportLogsServiceRequest request() {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            ResourceLogs.Builder logs = ResourceLogs.newBuilder().setSchemaUrl(text());
            if (random.nextBoolean()) {
                logs.setResource(Resource.newBuilder()
                        .addAllAttributes(attributes(0))
                        .setDroppedAttributesCount(random.nextInt(3)));
            }
            for (int j = random.nextInt(3); j > 0; j--) {
                logs.addScopeLogs(scopeLogs());
            }
            request.addResourceLogs(logs);
        }
        return request.build();
    }

    private ScopeLogs scopeLogs() {
        ScopeLogs.Builder logs = ScopeLogs.newBuilder().setSchemaUrl(text());
        if (random.nextBoolean()) {
            logs.setScope(InstrumentationScope.newBuilder()
                    .setName(text())
                    .setVersion(text())
                    .addAllAttributes(attributes(0)));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            LogRecord.Builder record = LogRecord.newBuilder()
                    .setTimeUnixNano(number())
                    .setObservedTimeUnixNano(number())
                    .setSeverityNumberValue((int) number())
                    .setSeverityText(text())
                    .setEventName(text())
                    .addAllAttributes(attributes(0))
                    .setDroppedAttributesCount((int) number())
                    .setFlags((int) number())
                    .setTraceId(bytes(random.nextBoolean() ? 16 : 5))
                    .setSpanId(bytes(random.nextBoolean() ? 8 : 16));
            if (random.nextBoolean()) {
                record.setBody(value(0));
            }
            logs.addLogRecords(record);
        }
        return logs.build();
    }

    private List<KeyValue> attributes(int depth) {
        List<KeyValue> attributes = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            attributes.add(KeyValue.newBuilder()
                    .setKey(text())
                    .setValue(value(depth + 1))
                    .build());
        }
        return attributes;
    }

    private AnyValue value(int depth) {
        AnyValue.Builder value = AnyValue.newBuilder();
        switch (random.nextInt(depth > 3 ? 6 : 8)) {
            case 0 -> value.setStringValue(text());
            case 1 -> value.setBoolValue(random.nextBoolean());
            case 2 -> value.setIntValue(number());
            case 3 -> value.setDoubleValue(Double.longBitsToDouble(number()));
            case 4 -> value.setBytesValue(bytes(random.nextInt(5)));
            case 5 -> value.clear();
            case 6 -> value.setKvlistValue(KeyValueList.newBuilder().addAllValues(attributes(depth + 1)));
            default -> {
                ArrayValue.Builder values = ArrayValue.newBuilder();
                for (int i = random.nextInt(3); i > 0; i--) {
                    values.addValues(value(depth + 1));
                }
                value.setArrayValue(values);
            }
        }
        return value.build();
    }

    private long number() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(100);
            case 2 -> -1;
            default -> random.nextLong();
        };
    }

    private String text() {
        return random.nextInt(3) == 0
                ? ""
                : random.ints(random.nextInt(6), 0, 0x500)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private ByteString bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
