package io.penstock.delivery.kinesis.put;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.penstock.delivery.kinesis.fault.Fault;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CborAnswerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
    private static final String MIXED = """
            {"EncryptionType": "KMS", "Other": [1, -70000, 1.5, {"a": null, "b": [true, "x"]}], "FailedRecordCount": 1,
             "Records": [
               {"SequenceNumber": "49590338271490256608559692538361571095921575989136588898", "ShardId": "shardId-0"},
               {"ShardId": "shardId-1", "SequenceNumber": "2", "ErrorCode": null, "Nested": {"deep": [[]]}},
               {"ErrorCode": "InternalFailure", "ErrorMessage": "Internal sérvice failure."},
               {"ShardId": "shardId-0", "SequenceNumber": "3", "ErrorCode": "", "ErrorMessage": null}]}
            """;

    /** "SequenceNumber": "7", in CBOR. */
    private static final String SEQUENCE = "6e53657175656e63654e756d6265726137";

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
    void sequenceNumbersAreReadForTheEntriesThatWantThem() throws IOException {
        List<PutOutcome.EntryOutcome> results = CborAnswer.putRecords(cbor(MIXED), 4, entry -> entry == 1);
        assertEquals(new PutOutcome.Stored("shardId-0"), results.get(0));
        assertEquals(new PutOutcome.Stored("shardId-1", "2"), results.get(1));
        assertEquals(new PutOutcome.Stored("shardId-0"), results.get(3));
    }

    @Test
    void definiteLengthsAndTagsAreReadToo() throws IOException {
        // {"Records": [{"SequenceNumber": "7", "ShardId": "s1", "t": 1(1)}]}, with definite lengths (RFC 8949, section
        // 3.2.1)
        byte[] answer =
                HexFormat.of().parseHex("a1675265636f72647381a3" + SEQUENCE + "6753686172644964627331" + "6174c101");
        assertEquals(List.of(new PutOutcome.Stored("s1")), CborAnswer.putRecords(answer, 1));
    }

    @Test
    void mapsListsAndTextsWithoutALengthAreReadToo() throws IOException {
        // The same with indefinite lengths; "ShardId" is "Sha" "rdId", and its value "s" "" "1" (RFC 8949, section
        // 3.2.3).
        byte[] answer = HexFormat.of()
                .parseHex("bf675265636f7264739fbf" + SEQUENCE + "7f635368616472644964ff" + "7f6173606131ff" + "ffffff");
        assertEquals(List.of(new PutOutcome.Stored("s1")), CborAnswer.putRecords(answer, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                              | an entry without SequenceNumber",
                "{'ShardId': 's-1'}                                              | an entry without SequenceNumber",
                "{'SequenceNumber': '1'}                                         | an entry without ShardId",
                "{'SequenceNumber': '1', 'ShardId': ''}                          | an entry without ShardId",
                "{'SequenceNumber': '', 'ShardId': 's-1'}                        | an entry without SequenceNumber",
                "{'SequenceNumber': ' \\t', 'ShardId': 's-1'}                    | an entry without SequenceNumber",
                "{'SequenceNumber': '1', 'ShardId': ' '}                         | an entry without ShardId",
                "{'SequenceNumber': '1', 'SequenceNumber': ' ', 'ShardId': 's'}  | an entry without SequenceNumber",
                "{'SequenceNumber': 1, 'ShardId': 's-1'}                         | an entry without SequenceNumber",
                "{'SequenceNumber': '1', 'ShardId': ['s-1']}                     | an entry without ShardId",
                "{'ErrorMessage': 'Rate exceeded'}                               | an entry without SequenceNumber",
                "{'ErrorCode': 503}                                              | an entry whose ErrorCode is not text",
                "{'SequenceNumber': '1', 'ShardId': 's-1', 'ErrorCode': 503}     | an entry whose ErrorCode is not text",
                "{'SequenceNumber': '1', 'ShardId': 's-1', 'ErrorCode': {}}      | an entry whose ErrorCode is not text",
                "{'SequenceNumber': null, 'ShardId': null, 'ErrorCode': null}    | an entry without SequenceNumber",
            })
    void anEntryThatDoesNotSayStoredIsUnclear(String entry, String detail) throws IOException {
        byte[] answer = cbor(("{\"Records\": [" + entry + "]}").replace('\'', '"'));
        assertEquals(List.of(new PutOutcome.Unclear(detail)), CborAnswer.putRecords(answer, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'Records': []}                                                 | it has 0 results for 1 record",
                "{}                                                              | it has 0 results for 1 record",
                "{'message': 'log in first'}                                     | it has 0 results for 1 record",
                "{'Records': null}                                               | it is not what PutRecords answers",
                "{'Records': {'0': {}}}                                          | it is not what PutRecords answers",
                "{'Records': ['s-1']}                                            | it is not what PutRecords answers",
                "['s-1']                                                         | it is not what PutRecords answers",
                "{'Records': [{'ShardId': 's'}, {'ShardId': 's'}]} | it has more results than the call has records",
            })
    void anAnswerOfAnotherShapeIsRefused(String json, String reason) throws IOException {
        byte[] answer = cbor(json.replace('\'', '"'));
        IOException refused = assertThrows(IOException.class, () -> CborAnswer.putRecords(answer, 1));
        assertEquals(reason, refused.getMessage());
    }

    @Test
    void whatFollowsTheAnswerIsRefused() throws IOException {
        byte[] whole = cbor(MIXED);
        byte[] more = Arrays.copyOf(whole, whole.length + 1);
        IOException refused = assertThrows(IOException.class, () -> CborAnswer.putRecords(more, 4));
        assertEquals("something follows it", refused.getMessage());
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
