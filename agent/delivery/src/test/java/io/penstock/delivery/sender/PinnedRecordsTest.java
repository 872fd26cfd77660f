package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.delivery.kinesis.put.PutEntry;
import io.penstock.delivery.kinesis.shards.Hash128;
import io.penstock.delivery.spool.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records whose client gave an explicit hash key, and those whose source asks for a receipt. */
class PinnedRecordsTest {
    private static final String LAST = Hash128.MAX.toDecimal();

    @TempDir
    Path folder;

    private SenderBench bench(int shards) {
        return new SenderBench(folder, shards, 42);
    }

    @Test
    void theExplicitHashKeyDecidesTheShardAndIsSent() {
        SenderBench bench = bench(4);
        IntStream.range(0, 100).forEach(i -> bench.backlog.appendPinned("key-" + i, i % 2 == 0 ? "0" : LAST, "" + i));
        bench.start().runToTheEnd();
        assertEquals(100, bench.kinesis.stored.size());
        for (FakeKinesis.StoredRecord record : bench.kinesis.stored) {
            boolean first = Integer.parseInt(record.data()) % 2 == 0;
            Hash128 point = first ? Hash128.MIN : Hash128.MAX;
            assertEquals(shardAt(bench, point), record.shard());
        }
        Set<String> sent = bench.kinesis.calls.stream()
                .flatMap(call -> call.entries().stream())
                .map(PutEntry::explicitHashKey)
                .collect(Collectors.toSet());
        assertEquals(Set.of("0", LAST), sent);
    }

    private static String shardAt(SenderBench bench, Hash128 point) {
        return bench.kinesis.openShards().stream()
                .filter(shard -> shard.holds(point))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    void differentKeysOfOneHashKeyShareACall() {
        SenderBench bench = bench(2);
        IntStream.range(0, 1_000).forEach(i -> bench.backlog.appendPinned("key-" + i, "0", "" + i));
        bench.start().runToTheEnd();
        assertEquals(1_000, bench.kinesis.stored.size());
        assertTrue(bench.kinesis.calls.size() < 10, () -> bench.kinesis.calls.size() + " calls");
    }

    @Test
    void theOrderOfAKeyWithAHashKeyHolds() {
        SenderBench bench = bench(2);
        bench.kinesis.throttleShare = entry -> 0.3;
        // One key in two shards is two keys to the sender.
        bench.kinesis.checksOrder = false;
        IntStream.range(0, 200).forEach(i -> bench.backlog.appendPinned("key", i % 2 == 0 ? "0" : LAST, "" + i));
        bench.start().runToTheEnd();
        for (int half = 0; half < 2; half++) {
            int parity = half;
            List<Integer> stored = bench.kinesis.stored.stream()
                    .map(record -> Integer.parseInt(record.data()))
                    .filter(number -> number % 2 == parity)
                    .toList();
            assertEquals(stored.stream().sorted().toList(), stored);
        }
    }

    @Test
    void theReceiptOfARecordIsThereBeforeItIsSettled() {
        SenderBench bench = bench(1);
        bench.kinesis.throttleShare = entry -> 0.5;
        bench.backlog.append("plain", "no receipt");
        IntStream.range(0, 20).forEach(i -> bench.backlog.appendPinned("key-" + i, "0", "" + i));
        bench.start().runToTheEnd();
        assertEquals(20, bench.backlog.receipts.size());
        Set<String> numbers = bench.backlog.receipts.values().stream()
                .map(Receipts.Receipt::sequenceNumber)
                .collect(Collectors.toSet());
        assertEquals(20, numbers.size(), "each has its own number");
    }

    @Test
    void aDeadLetterKeepsTheExplicitHashKeyAndHasNoReceipt() throws IOException {
        SenderBench bench = bench(1);
        bench.kinesis.refusal = entry -> "ValidationException";
        bench.backlog.appendPinned("key", "12345", "refused");
        bench.start().runToTheEnd();
        assertEquals(0, bench.backlog.receipts.size());
        JsonNode letter = new ObjectMapper()
                .readTree(Files.readAllLines(bench.deadLetters.file()).get(0));
        assertEquals("12345", letter.get("explicit_hash_key").textValue());
        assertEquals("key", letter.get("partition_key").textValue());
    }
}
