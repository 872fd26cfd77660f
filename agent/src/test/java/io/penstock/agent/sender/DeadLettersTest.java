package io.penstock.agent.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.agent.sender.FakeKinesis.CallFate;
import io.penstock.agent.target.PutCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersTest {
    @TempDir
    Path folder;

    private static CallFate refusingPoison(PutCall call) {
        boolean poison = call.entries().stream()
                .anyMatch(entry -> new String(entry.data(), StandardCharsets.UTF_8).startsWith("poison"));
        return poison ? CallFate.INVALID : CallFate.ANSWERED;
    }

    @Test
    void theRefusedRecordIsFoundAndPutAsideAndTheOthersAreDelivered() throws IOException {
        SenderBench bench = new SenderBench(folder, 2, 1);
        bench.kinesis.fate = DeadLettersTest::refusingPoison;
        IntStream.range(0, 1_000).forEach(i -> bench.backlog.append("key-" + i, i == 123 ? "poison" : "" + i));
        bench.start().runToTheEnd();
        assertEquals(999, bench.kinesis.stored.size());
        assertEquals(0, bench.duplicates());
        assertEquals(1, bench.sender.status().deadLetters());
        List<String> lines = Files.readAllLines(bench.deadLetters.file());
        assertEquals(1, lines.size());
        JsonNode letter = new ObjectMapper().readTree(lines.get(0));
        assertEquals("poison", new String(letter.get("data_base64").binaryValue(), StandardCharsets.UTF_8));
        assertEquals("key-123", letter.get("partition_key").textValue());
        assertEquals("ValidationException", letter.get("reason").textValue());
        assertEquals("2026-01-02T03:04:05Z", letter.get("time").textValue());
        assertTrue(letter.get("attempts").intValue() > 1);
    }

    @Test
    void theOrderOfAKeyHoldsAroundARefusedRecord() {
        SenderBench bench = new SenderBench(folder, 2, 1);
        bench.askForOrder();
        bench.kinesis.keepsOrder = true;
        bench.kinesis.fate = DeadLettersTest::refusingPoison;
        IntStream.range(0, 2_000)
                .forEach(i -> bench.backlog.append("key-" + i % 5, i % 400 == 7 ? "poison" + i : "" + i));
        bench.start().runToTheEnd();
        StreamSenderTest.assertOrdered(bench);
        assertEquals(5, bench.sender.status().deadLetters());
        assertEquals(1_995, bench.kinesis.stored.size());
    }

    @Test
    void whenEverythingIsRefusedTheStreamParksInsteadOfBeingEmptied() {
        SenderBench bench = new SenderBench(folder, 2, 1);
        bench.kinesis.fate = call -> CallFate.INVALID;
        IntStream.range(0, 1_000).forEach(i -> bench.backlog.append("key-" + i, "" + i));
        bench.start().runFor(Duration.ofHours(1));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertEquals(100, bench.sender.status().deadLetters());
    }

    @Test
    void aFullFileParksTheStream() throws IOException {
        SenderBench bench = new SenderBench(folder, 1, 1);
        Files.createDirectories(folder);
        Files.write(bench.deadLetters.file(), new byte[1 << 20]);
        bench.kinesis.fate = DeadLettersTest::refusingPoison;
        bench.backlog.append("a", "poison");
        bench.start().runFor(Duration.ofMinutes(1));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertTrue(bench.sender.status().detail().contains("is full"));
        assertEquals(1 << 20, Files.size(bench.deadLetters.file()));
        Files.delete(bench.deadLetters.file());
        bench.runToTheEnd();
        assertEquals(1, bench.sender.status().deadLetters());
    }
}
