package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.delivery.sender.schedule.SenderMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several senders and one endpoint, in virtual time. */
class SharedStreamTest {
    @TempDir
    Path folder;

    @Test
    void severalAgentsOnOneStreamComeToFairShares() {
        VirtualTime time = new VirtualTime();
        FakeKinesis kinesis = new FakeKinesis(time, 4, 42);
        kinesis.limit = 0.3;
        List<SenderBench> agents = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            SenderBench agent = new SenderBench(folder.resolve("" + i), time, kinesis, i + 1);
            String name = "agent" + i;
            IntStream.range(0, 120_000).forEach(n -> agent.backlog.append(name + "-" + n, name));
            agents.add(agent);
        }
        agents.get(0).start();
        SenderBench.runFor(agents.subList(0, 1), Duration.ofSeconds(20));
        agents.get(1).start();
        SenderBench.runFor(agents.subList(0, 2), Duration.ofSeconds(10));
        agents.get(2).start();
        SenderBench.runFor(agents, Duration.ofSeconds(60));
        int settled = kinesis.stored.size();
        SenderBench.runFor(agents, Duration.ofSeconds(60));

        Map<String, Integer> shares = new HashMap<>();
        kinesis.stored
                .subList(settled, kinesis.stored.size())
                .forEach(each -> shares.merge(each.data(), 1, Integer::sum));
        double limit = 4 * 300.0 * 60;
        int all = kinesis.stored.size() - settled;
        assertTrue(all >= 0.95 * limit, () -> "used: " + all / limit);
        shares.values().forEach(share -> assertEquals(1.0 / 3, (double) share / all, 0.08, () -> "shares: " + shares));
    }

    @Test
    void hundredsOfStreamsWithThousandsOfShardsStayWithinTheMemoryOfAll() {
        VirtualTime time = new VirtualTime();
        FakeKinesis kinesis = new FakeKinesis(time, 2_000, 42);
        MemoryBudget.Account memory = MemoryBudget.of(1 << 20).account(1.0);
        List<SenderBench> streams = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            SenderBench stream = new SenderBench(folder.resolve("" + i), time, kinesis, i + 1);
            stream.memory = new SenderMemory(memory);
            String name = "stream" + i;
            IntStream.range(0, 40).forEach(n -> stream.backlog.append(name + "-" + n, "x".repeat(500)));
            streams.add(stream.start());
        }
        kinesis.fate = call -> {
            assertTrue(memory.used() <= (1 << 20) + 300 * 1_000, () -> "held: " + memory.used());
            return FakeKinesis.CallFate.ANSWERED;
        };
        SenderBench.runFor(streams, Duration.ofSeconds(10));
        assertEquals(300 * 40, kinesis.stored.size());
        assertEquals(0, memory.used());
        streams.forEach(
                stream -> assertEquals(2_000, stream.sender.status().load().shards()));
    }
}
