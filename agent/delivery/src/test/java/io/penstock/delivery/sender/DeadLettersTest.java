package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.delivery.kinesis.put.PutCall;
import io.penstock.delivery.sender.FakeKinesis.CallFate;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.deadletter.LetterFile;
import io.penstock.delivery.sender.settle.CallResultHandler;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.fixtures.CapturedLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
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
        assertEquals(1, bench.sender.status().deadLetters().written());
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
        assertEquals(5, bench.sender.status().deadLetters().written());
        assertEquals(1_995, bench.kinesis.stored.size());
    }

    @Test
    void whenEverythingIsRefusedTheStreamParksInsteadOfBeingEmptied() {
        SenderBench bench = new SenderBench(folder, 2, 1);
        bench.kinesis.fate = call -> CallFate.INVALID;
        IntStream.range(0, 1_000).forEach(i -> bench.backlog.append("key-" + i, "" + i));
        bench.start().runFor(Duration.ofHours(1));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertEquals(100, bench.sender.status().deadLetters().written());
    }

    @Test
    void aFullFileParksTheStream() throws IOException {
        SenderBench bench = new SenderBench(folder, 1, 1);
        Files.createDirectories(folder);
        Files.writeString(bench.deadLetters.file(), "\n".repeat(1 << 20));
        bench.kinesis.fate = DeadLettersTest::refusingPoison;
        bench.backlog.append("a", "poison");
        bench.start().runFor(Duration.ofMinutes(1));
        assertEquals(StreamStatus.State.PARKED, bench.sender.status().state());
        assertTrue(bench.sender.status().detail().contains("is full"));
        assertEquals(1 << 20, Files.size(bench.deadLetters.file()));
        Files.delete(bench.deadLetters.file());
        bench.runToTheEnd();
        assertEquals(1, bench.sender.status().deadLetters().written());
    }

    private List<JsonNode> letters(SenderBench bench) throws IOException {
        List<JsonNode> letters = new ArrayList<>();
        for (String line : Files.readAllLines(bench.deadLetters.file())) {
            letters.add(new ObjectMapper().readTree(line));
        }
        return letters;
    }

    private DeadLetters reopened(SenderBench bench, long maxBytes) {
        return new DeadLetters(folder, bench.backlog.stream(), InstantSource.system(), maxBytes);
    }

    private static List<DeadLetters.Letter> some(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new DeadLetters.Letter(TestRecords.of("key", "refused " + i, false), "refused"))
                .toList();
    }

    @Test
    void aTornLastLineIsCutOffAndTheNextLetterIsWhole() throws IOException {
        for (String torn : List.of("{\"letter\":3,\"ti", "x", "\0\0\0", "{".repeat(200_000))) {
            SenderBench bench = new SenderBench(folder, 1, 1);
            Files.deleteIfExists(bench.deadLetters.file());
            bench.deadLetters.add(some(2));
            Files.writeString(bench.deadLetters.file(), torn, StandardOpenOption.APPEND);
            DeadLetters next = reopened(bench, 1 << 20);
            assertEquals(2, next.letters());
            next.add(some(1));
            assertEquals(3, next.letters());
            assertEquals(
                    List.of(1, 2, 3),
                    letters(bench).stream()
                            .map(each -> each.get("letter").intValue())
                            .toList());
        }
    }

    @Test
    void aFileThatIsOnlyATornLineIsEmpty() throws IOException {
        SenderBench bench = new SenderBench(folder, 1, 1);
        Files.writeString(bench.deadLetters.file(), "{\"letter\":1,");
        DeadLetters letters = reopened(bench, 1 << 20);
        assertEquals(0, letters.letters());
        letters.add(some(1));
        assertEquals(1, letters(bench).size());
    }

    @Test
    void aFailedWriteLeavesNoTornLine() throws IOException {
        SenderBench bench = new SenderBench(folder, 1, 1);
        bench.deadLetters.add(some(2));
        DeadLetters almostFull = reopened(bench, Files.size(bench.deadLetters.file()) + 300);
        assertThrows(IOException.class, () -> almostFull.add(some(10)));
        assertEquals(2, letters(bench).size());
        assertEquals(2, almostFull.letters());
        almostFull.add(some(1));
        assertEquals(3, letters(bench).size());
    }

    @Test
    void theLettersOfALargeFileAreCountedFromItsEnds() throws IOException {
        SenderBench bench = new SenderBench(folder, 1, 1);
        bench.deadLetters.add(some(1_000));
        try (FileChannel channel = FileChannel.open(bench.deadLetters.file(), StandardOpenOption.READ)) {
            assertEquals(1_000, LetterFile.count(channel, channel.size()));
        }
        Files.writeString(bench.deadLetters.file(), "{\"data_base64\":\"\"}\n", StandardOpenOption.APPEND);
        assertEquals(1_001, reopened(bench, 1 << 20).letters(), "a line without a number");
    }

    @Test
    void whatOneAnswerRefusesIsOneLogLineAndTheReasonIsOneBoundedLine() throws IOException {
        SenderBench bench = new SenderBench(folder, 1, 1);
        IntStream.range(0, 90).forEach(i -> bench.backlog.append("key-" + i, "" + i));
        bench.kinesis.refusal = entry -> "no\nnever " + "x".repeat(3_000_000);
        List<String> lines;
        try (CapturedLog log = CapturedLog.of(CallResultHandler.class)) {
            bench.start().runToTheEnd();
            lines = log.lines();
        }
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).contains("90 records of sensors"), lines.get(0));
        List<JsonNode> letters = letters(bench);
        assertEquals(90, letters.size());
        String reason = letters.get(0).get("reason").textValue();
        assertTrue(reason.startsWith("no never x") && reason.length() <= 600, () -> reason.length() + " characters");
        assertTrue(bench.sender.status().detail().length() <= 1_000);
        assertEquals(90, bench.sender.status().deadLetters().onDisk());
    }
}
