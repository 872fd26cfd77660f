package io.penstock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.engine.api.CallMemory;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallMemoryTest {
    private static final int MIB = 1 << 20;
    private static final String FIRST = JsonClient.shardId(0);

    private final MemoryBudget budget = MemoryBudget.of(4 * MIB);
    private final CallMemory memory = CallMemory.whole(budget);
    private StreamEngine engine;
    private JsonClient client;

    @BeforeEach
    void start() throws IOException {
        engine = StreamEngine.start(EngineSettings.ephemeral().withMemory(memory));
        client = new JsonClient(engine);
        client.createStream("s", 1);
    }

    @AfterEach
    void stop() throws IOException {
        engine.close();
        assertEquals(0, budget.used(), "released");
    }

    private Socket begin(int announced, int sent) throws IOException {
        Socket socket = new Socket("127.0.0.1", engine.address().getPort());
        String head = "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Kinesis_20131202.PutRecords\r\n"
                + "Content-Type: application/x-amz-json-1.1\r\nContent-Length: " + announced + "\r\n\r\n";
        socket.getOutputStream().write((head + " ".repeat(sent)).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void aBodyThatIsOnlyAnnouncedTakesNoMemoryFromOthers() throws IOException {
        List<Socket> peers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            peers.add(begin(10_000_000, 100));
        }
        Awaitility.await().until(() -> memory.requests().used() > 0);
        client.put("s", "k", "data");
        assertTrue(
                memory.requests().used() <= 6 * 4096,
                "held: " + memory.requests().used());
        for (Socket peer : peers) {
            peer.close();
        }
        Awaitility.await().until(() -> memory.requests().used() == 0);
    }

    @Test
    void largeHalfBodiesLeaveMemoryToSmallCalls() throws IOException {
        try (Socket one = begin(10_000_000, 700 << 10);
                Socket two = begin(10_000_000, 700 << 10);
                Socket three = begin(10_000_000, 700 << 10)) {
            Awaitility.await().until(() -> memory.requests().refusals() > 0);
            for (int i = 0; i < 20; i++) {
                client.put("s", "k", "data");
            }
            assertTrue(one.isConnected() && two.isConnected() && three.isConnected());
        }
        Awaitility.await().until(() -> memory.requests().used() == 0);
    }

    @Test
    void anAnswerWithoutMemoryIsRefusedForAMoment() {
        client.put("s", "k", "x".repeat(200_000));
        MemoryBudget.Account answers = memory.answers();
        long all = answers.limit();
        answers.take(all);
        assertTrue(answers.mayGoOn("another answer"));
        String iterator = client.iterator("s", FIRST, "TRIM_HORIZON");
        JsonClient.Reply refused = client.call("GetRecords", "{'ShardIterator':'" + iterator + "'}");
        assertEquals(503, refused.status());
        assertEquals("ServiceUnavailable", refused.errorType());
        assertEquals("1", refused.raw().headers().firstValue("Retry-After").orElse(""));
        answers.release(all);
        answers.settled("another answer");
        assertEquals(1, client.records(iterator).path("Records").size());
        Awaitility.await().until(() -> answers.used() == 0);
    }

    @Test
    void littleMemoryMakesAnswersSmallerAndLosesNoRecord() {
        for (int i = 0; i < 30; i++) {
            client.put("s", "k", i + "x".repeat(100_000));
        }
        List<String> read = new ArrayList<>();
        String next = client.iterator("s", FIRST, "TRIM_HORIZON");
        while (read.size() < 30) {
            var page = client.records(next);
            assertTrue(page.path("Records").size() < 10);
            page.path("Records").forEach(record -> read.add(JsonClient.text(record)));
            next = page.path("NextShardIterator").asText();
        }
        for (int i = 0; i < 30; i++) {
            assertTrue(read.get(i).startsWith(i + "x"));
        }
        Awaitility.await().until(() -> memory.answers().used() == 0);
    }

    @Test
    void aRecordLargerThanTheAccountIsGivenAllTheSame() {
        String large = "x".repeat(700_000);
        client.put("s", "k", large);
        assertEquals(List.of(large), client.readAll("s", FIRST));
        Awaitility.await().until(() -> budget.used() == 0);
    }
}
