package io.penstock.engine.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.penstock.engine.EngineSettings;
import io.penstock.engine.JsonClient;
import io.penstock.engine.StreamEngine;
import io.penstock.engine.wire.Shape.Member;
import io.penstock.engine.wire.Shape.Structure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every constraint of every member of every operation, tested just outside and at its edge, in both codecs, over HTTP:
 * the requests are generated from the model, each valid except for one fault.
 */
@Tag("slow")
class ModelConstraintsTest {
    private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
    private static final int RANDOM_BODIES = 40;

    /** A valid value for each member that has a pattern or a meaning. */
    private static final Map<String, String> SAMPLES = Map.ofEntries(
            Map.entry("StreamARN", ARN),
            Map.entry("ResourceARN", ARN),
            Map.entry("ConsumerARN", ARN + "/consumer/c:1"),
            Map.entry("ChannelARN", "arn:aws:kinesis:us-east-1:000000000000:channel/c"),
            Map.entry("ServiceExecutionRoleARN", "arn:aws:iam::000000000000:role/r"),
            Map.entry("BucketARN", "arn:aws:s3:::b"),
            Map.entry("TableBucketARN", "arn:aws:s3tables:us-east-1:000000000000:bucket/b"),
            Map.entry("GSRSchemaARN", "arn:aws:glue:us-east-1:000000000000:schema/s"),
            Map.entry("ExpectedBucketOwner", "000000000000"),
            Map.entry("StreamId", "aaaaaaaaaaaaaaaaaaaa-bbb"),
            Map.entry("ExplicitHashKey", "0"),
            Map.entry("NewStartingHashKey", "7"),
            Map.entry("SequenceNumberForOrdering", "1"),
            Map.entry("StartingSequenceNumber", "1"),
            Map.entry("SequenceNumber", "1"));

    private static StreamEngine engine;
    private static JsonClient client;

    /** The fault of a request, and the place that the answer must name. */
    private record Broken(String what, String place, Map<String, Object> request) {}

    @BeforeAll
    static void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral());
        client = new JsonClient(engine);
    }

    @AfterAll
    static void close() throws IOException {
        engine.close();
    }

    private static ObjectMapper mapper(Codec codec) {
        return new ObjectMapper(codec == Codec.CBOR ? new CBORFactory() : new JsonFactory());
    }

    private static byte[] encode(Object request, Codec codec) {
        try {
            return mapper(codec).writeValueAsBytes(request);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Answered(int status, String type, String message) {}

    private static Answered send(KinesisModel operation, byte[] body, Codec codec) {
        JsonClient.Reply reply = client.send(operation.wireName(), body, codec.contentType());
        byte[] content = reply.raw().body();
        try {
            JsonNode answer = mapper(codec).readTree(content.length == 0 ? encode(Map.of(), codec) : content);
            return new Answered(
                    reply.status(),
                    answer.path("__type").asText(),
                    answer.path("message").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object sample(String name, Shape shape) {
        if (shape instanceof Shape.Text text) {
            return SAMPLES.getOrDefault(name, "s".repeat(Math.max(1, text.min())));
        } else if (shape instanceof Shape.Choice choice) {
            return choice.values().get(0);
        } else if (shape instanceof Shape.Whole whole) {
            return Math.max(1, whole.min());
        } else if (shape instanceof Shape.Flag) {
            return false;
        } else if (shape instanceof Shape.Time) {
            return 1;
        } else if (shape instanceof Shape.Blob) {
            return new byte[] {1};
        } else if (shape instanceof Shape.ListOf list) {
            return List.of(sample(name, list.member()));
        } else if (shape instanceof Shape.MapOf map) {
            return Map.of("k", "v");
        }
        return required((Structure) shape);
    }

    private static Map<String, Object> required(Structure structure) {
        Map<String, Object> request = new LinkedHashMap<>();
        structure.members().stream()
                .filter(Member::required)
                .forEach(member -> request.put(member.name(), sample(member.name(), member.shape())));
        return request;
    }

    private static Map<String, Object> with(Map<String, Object> request, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(request);
        changed.put(name, value);
        return changed;
    }

    private static List<Broken> outside(Structure structure) {
        List<Broken> all = new ArrayList<>();
        Map<String, Object> right = required(structure);
        for (Member member : structure.members()) {
            String place = member.label();
            if (member.required()) {
                Map<String, Object> without = new LinkedHashMap<>(right);
                without.remove(member.name());
                all.add(new Broken("missing", place, without));
                all.add(new Broken("null", place, with(right, member.name(), null)));
            }
            for (Broken value : values(member.name(), place, member.shape())) {
                all.add(new Broken(value.what, value.place, with(right, member.name(), value.request.get(""))));
            }
        }
        return all;
    }

    private static Broken value(String what, String place, Object value) {
        return new Broken(what, place, Collections.singletonMap("", value));
    }

    /** Values just outside a shape's constraints, under the empty name. */
    private static List<Broken> values(String name, String place, Shape shape) {
        List<Broken> all = new ArrayList<>();
        if (shape instanceof Shape.Text text) {
            if (text.min() > 0) {
                all.add(value("too short", place, "s".repeat(text.min() - 1)));
            }
            if (text.max() < Integer.MAX_VALUE) {
                all.add(value("too long", place, "s".repeat(text.max() + 1)));
            }
            if (text.pattern() != null) {
                all.add(value("not as the pattern", place, "a b\u2602"));
            }
        } else if (shape instanceof Shape.Choice) {
            all.add(value("no choice", place, "s"));
        } else if (shape instanceof Shape.Whole whole) {
            all.add(value("too small", place, whole.min() - 1));
            all.add(value("too large", place, whole.max() + 1));
        } else if (shape instanceof Shape.Blob blob) {
            all.add(value("too long", place, new byte[blob.max() + 1]));
        } else if (shape instanceof Shape.ListOf list) {
            Object member = sample(name, list.member());
            all.add(value("too few", place, Collections.nCopies(list.min() - 1, member)));
            all.add(value("too many", place, Collections.nCopies(list.max() + 1, member)));
            for (Broken one : values(name, place + ".1.member", list.member())) {
                all.add(value(one.what, one.place, Collections.singletonList(one.request.get(""))));
            }
        } else if (shape instanceof Shape.MapOf map) {
            Map<String, String> many = new LinkedHashMap<>();
            for (int i = 0; i <= map.max(); i++) {
                many.put("k" + i, "v");
            }
            all.add(value("too few", place, Map.of()));
            all.add(value("too many", place, many));
            all.add(value("key too long", place, Map.of("k".repeat(map.key().max() + 1), "v")));
            all.add(value(
                    "value too long", place, Map.of("k", "v".repeat(map.value().max() + 1))));
        } else if (shape instanceof Structure structure) {
            outside(structure).forEach(inner -> all.add(value(inner.what, place + "." + inner.place, inner.request)));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(KinesisModel.class)
    void outsideEveryConstraintIsAValidationError(KinesisModel operation) {
        for (Broken broken : outside(operation.input())) {
            for (Codec codec : Codec.values()) {
                Answered answer = send(operation, encode(broken.request, codec), codec);
                String hint = codec + ": " + broken.place + " " + broken.what + ": " + answer;
                assertEquals("ValidationException", answer.type, hint);
                assertEquals(400, answer.status, hint);
                assertTrue(answer.message.contains("at '" + broken.place), hint);
            }
        }
    }

    /** Values at the edge of a shape's constraints, inside. */
    private static List<Object> edges(String name, Shape shape) {
        List<Object> all = new ArrayList<>();
        if (shape instanceof Shape.Text text && text.pattern() == null) {
            all.add("s".repeat(text.min()));
            if (text.max() < Integer.MAX_VALUE) {
                all.add("s".repeat(text.max()));
            }
        } else if (shape instanceof Shape.Choice choice) {
            all.addAll(choice.values());
        } else if (shape instanceof Shape.Whole whole) {
            all.add(whole.min());
            all.add(whole.max());
        } else if (shape instanceof Shape.ListOf list && list.max() < 500) {
            all.add(Collections.nCopies(list.min(), sample(name, list.member())));
            all.add(Collections.nCopies(list.max(), sample(name, list.member())));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(KinesisModel.class)
    void atTheEdgeOfAConstraintNoneIsBroken(KinesisModel operation) {
        Map<String, Object> right = required(operation.input());
        for (Member member : operation.input().members()) {
            for (Object edge : edges(member.name(), member.shape())) {
                for (Codec codec : Codec.values()) {
                    Answered answer = send(operation, encode(with(right, member.name(), edge), codec), codec);
                    assertFalse(
                            answer.message.contains("failed to satisfy constraint"),
                            codec + ": " + member.name() + ": " + answer);
                    assertTrue(answer.status < 500, codec + ": " + member.name() + ": " + answer);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KinesisModel.class)
    void aValueOfAnotherTypeIsASerializationError(KinesisModel operation) {
        Map<String, Object> right = required(operation.input());
        for (Member member : operation.input().members()) {
            Shape shape = member.shape();
            List<Object> others = new ArrayList<>();
            if (!(shape instanceof Structure || shape instanceof Shape.MapOf)) {
                others.add(Map.of("a", 1));
            }
            if (!(shape instanceof Shape.ListOf)) {
                others.add(List.of("a"));
            }
            if (!(shape instanceof Shape.Text || shape instanceof Shape.Choice || shape instanceof Shape.Blob)) {
                others.add("a");
            }
            if (!(shape instanceof Shape.Whole || shape instanceof Shape.Time)) {
                others.add(7);
            }
            if (!(shape instanceof Shape.Flag)) {
                others.add(true);
            }
            for (Object other : others) {
                for (Codec codec : Codec.values()) {
                    Answered answer = send(operation, encode(with(right, member.name(), other), codec), codec);
                    String hint = codec + ": " + member.name() + " = " + other + ": " + answer;
                    assertEquals("SerializationException", answer.type, hint);
                    assertEquals(400, answer.status, hint);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KinesisModel.class)
    void aBodyThatIsCutOrChangedAnywhereIsNeverTheEnginesFault(KinesisModel operation) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, Object> all = new LinkedHashMap<>();
        operation.input().members().forEach(member -> all.put(member.name(), sample(member.name(), member.shape())));
        for (int i = 0; i < RANDOM_BODIES; i++) {
            Codec codec = Codec.values()[i % 2];
            byte[] body = encode(all, codec);
            if (random.nextBoolean()) {
                body = java.util.Arrays.copyOf(body, random.nextInt(body.length + 1));
            }
            for (int changes = random.nextInt(4); changes > 0 && body.length > 0; changes--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            Answered answer = send(operation, body, codec);
            assertTrue(answer.status < 500, "seed " + seed + ": " + answer);
            assertEquals(answer.status == 200, answer.type.isEmpty(), "seed " + seed + ": " + answer);
        }
    }
}
