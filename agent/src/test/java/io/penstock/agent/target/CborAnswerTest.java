package io.penstock.agent.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CborAnswerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
    private static final String MIXED = """
            {"EncryptionType": "KMS", "Other": [1, -70000, 1.5, {"a": null, "b": [true, "x"]}], "FailedRecordCount": 1,
             "Records": [
               {"SequenceNumber": "49590338271490256608559692538361571095921575989136588898", "ShardId": "shardId-0"},
               {"ShardId": "shardId-1", "ErrorCode": null, "Nested": {"deep": [[]]}},
               {"ErrorCode": "InternalFailure", "ErrorMessage": "Internal sérvice failure."},
               {"ShardId": "shardId-0"}]}
            """;

    private static byte[] cbor(String json) throws IOException {
        return CBOR.writeValueAsBytes(JSON.readTree(json));
    }

    @Test
    void eachRecordHasItsResultAndTheRestIsPassedOver() throws IOException {
        assertEquals(
                List.of(
                        new PutOutcome.Stored("shardId-0"),
                        new PutOutcome.Stored("shardId-1"),
                        new PutOutcome.NotStored(
                                new Fault.Unavailable("InternalFailure: Internal sérvice failure.", false)),
                        new PutOutcome.Stored("shardId-0")),
                CborAnswer.putRecords(cbor(MIXED), 4));
    }

    @Test
    void definiteLengthsAndTagsAreReadToo() throws IOException {
        // {"Records": [{"ShardId": "s1", "t": 1(1)}]}, everything with its length (RFC 8949, section 3.2.1)
        byte[] answer = HexFormat.of().parseHex("a1675265636f72647381a26753686172644964627331" + "6174c101");
        assertEquals(List.of(new PutOutcome.Stored("s1")), CborAnswer.putRecords(answer, 1));
    }

    @Test
    void whatIsNoAnswerIsRefusedAndNeverLoops() throws IOException {
        byte[] whole = cbor(MIXED);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(IOException.class, () -> CborAnswer.putRecords(cut, 4));
        }
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = whole.clone();
            for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            try {
                CborAnswer.putRecords(broken, 4);
            } catch (IOException refused) {
                assertFalse(refused.getMessage().isEmpty());
            }
        }
    }
}
