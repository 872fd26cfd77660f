package io.penstock.forward.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in JSON, as fluent-logger-php sends them, one behind the other. */
class JsonMessagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Wire read(String... reads) throws BadChunkException {
        Wire wire = new Wire();
        for (String read : reads) {
            wire.read(utf8(read));
        }
        wire.close();
        return wire;
    }

    private static BadChunkException refused(String message) {
        Wire wire = new Wire(ForwardSettings.on().withChunks(64 * 1024, 100, 16, 250));
        BadChunkException refused = assertThrows(BadChunkException.class, () -> wire.read(utf8(message)));
        wire.close();
        return refused;
    }

    @Test
    void whatTheLoggerForPhpSendsIsTaken() throws Exception {
        Wire wire = read(
                "[\"debug.test\",1700000000,{\"hello\":\"world\"}][\"debug.test\",1700000001,{\"a\":{\"b\":[1,2.5,null,true]}}]");
        assertEquals(List.of("{\"hello\":\"world\"}", "{\"a\":{\"b\":[1,2.5,null,true]}}"), wire.records);
        assertEquals(List.of("debug.test", "debug.test"), wire.tags);
        assertEquals(List.of("1700000000.0", "1700000001.0"), wire.times);
    }

    @Test
    void everyCutYieldsTheSameEvents() throws Exception {
        String messages = "[\"t\",1.5,{\"a\":\"x\\\"]}\\\\\"}]\n\r\t [\"t\",2,{\"b\":\"\\u00e9\\ud83d\\ude00é\"}]\n";
        byte[] bytes = utf8(messages);
        for (int cut = 0; cut <= bytes.length; cut++) {
            Wire wire = new Wire();
            wire.read(Arrays.copyOf(bytes, cut));
            wire.read(Arrays.copyOfRange(bytes, cut, bytes.length));
            wire.close();
            assertEquals(List.of("{\"a\":\"x\\\"]}\\\\\"}", "{\"b\":\"é😀é\"}"), wire.records, "cut at " + cut);
            assertEquals(List.of("1.500000000", "2.0"), wire.times);
        }
    }

    @Test
    void modeForwardAndOptionsWorkToo() throws Exception {
        Wire wire = read("[\"t\",[[1,{\"n\":1}],[2,{\"n\":2}],[\"x\",{}]],{\"chunk\":\"id\\\"é\",\"size\":3}]");
        assertEquals(List.of("{\"n\":1}", "{\"n\":2}"), wire.records);
        assertEquals(1, wire.faults.size(), "the entry whose time is text is put aside");
        assertEquals("{\"ack\":\"id\\\"é\"}", new String(wire.acks.get(0), StandardCharsets.UTF_8));
    }

    @Test
    void jsonAndMsgpackMayTakeTurns() throws Exception {
        Wire wire = new Wire();
        wire.read(Pack.of()
                .raw(Pack.chunk("m", "id", 1))
                .ascii("[\"j\",1,{}] ")
                .raw(Pack.chunk("m", "id", 1))
                .bytes());
        wire.close();
        assertEquals(List.of("m", "j", "m"), wire.tags);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "127, 127",
        "128, 128",
        "-1, -1",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "18446744073709551615, 18446744073709551615",
        "18446744073709551616, 1.8446744073709552E19",
        "-9223372036854775809, -9.223372036854776E18",
        "1e2, 100.0",
        "1E+2, 100.0",
        "-1.5e-3, -0.0015",
        "0.1, 0.1",
        "1e-999, 0.0"
    })
    void numbersKeepTheirValue(String number, String written) throws Exception {
        assertEquals(List.of("{\"n\":" + written + "}"), read("[\"t\",1,{\"n\":" + number + "}]").records);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"t\",1,{\"n\":1}}",
                "[\"t\",1,{\"n\":1,}]",
                "[\"t\",1,{\"n\"}]",
                "[\"t\",1,{n:1}]",
                "[\"t\",1,{\"n\":}]",
                "[\"t\",1 {}]",
                "[,\"t\",1,{}]",
                "[\"t\",1,{},]",
                "[\"t\",01,{}]",
                "[\"t\",-,{}]",
                "[\"t\",1.,{}]",
                "[\"t\",.5,{}]",
                "[\"t\",1e,{}]",
                "[\"t\",1e999,{}]",
                "[\"t\",NaN,{}]",
                "[\"t\",+1,{}]",
                "[\"t\",1,{\"a\":tru}]",
                "[\"t\",1,{\"a\":nul}]",
                "[\"t\",1,{\"a\":\"\\x\"}]",
                "[\"t\",1,{\"a\":\"\\u12g4\"}]",
                "[\"t\",1,{\"a\":\"line\nfeed\"}]",
                "[\"t\",1,{'a':1}]",
                "[2026-01-02 12:00:00]",
                "[\"t\",\"2026-01-02\",{\"a\":1}]",
                "[1,1,{}]",
                "[]",
                "[\"t\"]"
            })
    void brokenJsonIsMalformed(String message) {
        BadChunkException refused = refused(message);
        assertEquals(Refusal.MALFORMED, refused.refusal());
        assertTrue(refused.at() >= 0 && refused.detail().contains("JSON"), refused.at() + " " + refused.detail());
    }

    @Test
    void anObjectIsNoMessage() {
        assertTrue(refused("{\"a\":1}").detail().contains("JSON"));
    }

    @Test
    void bracketsWithoutEndAreRefused() {
        assertEquals(
                Refusal.MALFORMED, refused("[".repeat(600) + "]".repeat(600)).refusal());
        assertEquals(Refusal.TOO_LARGE, refused("[".repeat(70_000)).refusal());
        assertEquals(Refusal.TOO_LARGE, refused("[\"" + "x".repeat(70_000)).refusal());
    }

    @Test
    void aRecordThatIsNestedTooDeepIsABadEntry() throws Exception {
        Wire wire = read("[\"t\",1,{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}]");
        assertEquals(List.of(), wire.records);
        assertTrue(wire.faults.get(0).contains("nested deeper"), wire.faults.toString());
    }

    @Test
    void whatGrowsBeyondTheChunkLimitInMsgpackIsRefused() {
        assertEquals(
                Refusal.BOMB,
                refused("[\"t\",1,{\"a\":[" + "[],".repeat(20_000) + "1]}]").refusal());
    }

    @Test
    void aNumberWithoutEndIsRefused() {
        assertEquals(
                Refusal.MALFORMED,
                refused("[\"t\",1,{\"a\":" + "9".repeat(2_000) + "}]").refusal());
    }

    @Test
    void halfASurrogateIsReplacedAndBytesThatAreNoUtf8AreToo() throws Exception {
        assertEquals(List.of("{\"a\":\"\ufffdx\ufffd\"}"), read("[\"t\",1,{\"a\":\"\\ud800x\\udc00\"}]").records);
        Wire wire = new Wire();
        wire.read(Pack.of()
                .ascii("[\"t\",1,{\"a\":\"")
                .raw((byte) 0xff)
                .ascii("\"}]")
                .bytes());
        wire.close();
        assertEquals(List.of("{\"a\":\"\ufffd\"}"), wire.records);
        assertEquals(1, wire.replaced);
    }

    @Test
    void randomRecordsMeanWhatAnotherParserReads() throws Exception {
        long seed = Long.getLong("penstock.fuzz.seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String record = object(random, 0);
            Wire wire = read("[\"t\",1," + record + "]");
            assertEquals(JSON.readTree(record), JSON.readTree(wire.records.get(0)), "seed " + seed + ": " + record);
        }
    }

    private static String object(Random random, int depth) {
        StringBuilder text = new StringBuilder("{");
        int members = random.nextInt(4);
        for (int i = 0; i < members; i++) {
            text.append(i > 0 ? "," : "").append(space(random));
            text.append("\"k").append(i).append("\\n\"").append(space(random)).append(':');
            text.append(space(random)).append(value(random, depth + 1)).append(space(random));
        }
        return text.append('}').toString();
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 5 ? 6 : 8)) {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> Integer.toString(random.nextInt(300) - 150);
            case 2 -> Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15));
            case 3 ->
                "\"" + (char) (0x20 + random.nextInt(2)) + (char) (0xa0 + random.nextInt(0xd000)) + "\\u00e9\\/\"";
            case 4 -> random.nextBoolean() ? "true" : "false";
            case 5 -> "null";
            case 6 -> object(random, depth);
            default -> "[" + space(random) + value(random, depth + 1) + "," + value(random, depth + 1) + "]";
        };
    }

    private static String space(Random random) {
        return " \n\t\r".substring(random.nextInt(5));
    }
}
