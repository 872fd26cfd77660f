package io.penstock.engine.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TimeTest {
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

    private static long millis(byte[] body, Codec codec) {
        return Input.read(body, codec, KinesisModel.GET_SHARD_ITERATOR)
                .optionalTime("Timestamp")
                .orElseThrow();
    }

    private static long json(String seconds) {
        String body = "{\"StreamName\":\"s\",\"ShardId\":\"shardId-0\",\"ShardIteratorType\":\"AT_TIMESTAMP\","
                + "\"Timestamp\":" + seconds + "}";
        return millis(body.getBytes(StandardCharsets.UTF_8), Codec.JSON);
    }

    private interface Value {
        void in(ObjectNode request, String name);
    }

    private static long cbor(Value value) throws IOException {
        ObjectNode request = CBOR.createObjectNode()
                .put("StreamName", "s")
                .put("ShardId", "shardId-0")
                .put("ShardIteratorType", "AT_TIMESTAMP");
        value.in(request, "Timestamp");
        return millis(CBOR.writeValueAsBytes(request), Codec.CBOR);
    }

    @Test
    void secondsOfJsonAndMillisecondsOfCborAreTheSameTime() throws IOException {
        assertEquals(1_500_000_000_123L, json("1500000000.123"));
        assertEquals(1_500_000_000_123L, cbor((request, name) -> request.put(name, 1_500_000_000_123L)));
        assertEquals(1_500_000_000_123L, cbor((request, name) -> request.put(name, 1_500_000_000_123.0)));
    }

    @Test
    void aNumberBeyondAllTimesIsTheLastOrTheFirstOfThem() throws IOException {
        assertEquals(Long.MAX_VALUE, json("1e400000000"));
        assertEquals(
                Long.MAX_VALUE,
                cbor((request, name) -> request.put(name, BigInteger.TWO.pow(64).subtract(BigInteger.ONE))));
        assertEquals(Long.MIN_VALUE, cbor((request, name) -> request.put(name, Double.NEGATIVE_INFINITY)));
        assertEquals(Long.MAX_VALUE, cbor((request, name) -> request.put(name, new BigDecimal("1e2000000000"))));
    }

    @Test
    void notANumberIsRefused() {
        ServiceException refusal =
                assertThrows(ServiceException.class, () -> cbor((request, name) -> request.put(name, Double.NaN)));
        assertEquals(ErrorType.SERIALIZATION, refusal.type());
    }
}
