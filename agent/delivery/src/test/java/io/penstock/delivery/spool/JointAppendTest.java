package io.penstock.delivery.spool;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.time.AgeClock;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks for several small spools on the real disk, which are full again and again. */
class JointAppendTest {
    private static final int STREAMS = 3;
    private static final int REQUESTS = 300;
    private static final SpoolSettings SMALL = new SpoolSettings(1 << 20, 0, WhenFull.BLOCK, STREAMS);

    @TempDir
    Path folder;

    /** How many records there are of each request in each stream: as they were stored, and as they were read. */
    private final Map<String, Integer> stored = new ConcurrentSkipListMap<>();

    private final Map<String, Integer> read = new ConcurrentSkipListMap<>();

    private final class Run implements AutoCloseable {
        final Map<StreamId, Backlog> backlogs = new ConcurrentHashMap<>();
        final LogSystem logs = LogSystem.create(AgeClock.system());
        final DiskSpools spools = DiskSpools.open(folder.resolve("spool"), SMALL, logs, new SpoolListener() {
            @Override
            public void opened(Backlog backlog) {
                backlogs.put(backlog.stream(), backlog);
            }

            @Override
            public void failed(StreamId stream, Throwable cause) {
                throw new AssertionError(stream + " failed", cause);
            }
        });

        Run() throws IOException {
            for (int i = 0; i < STREAMS; i++) {
                Spool spool = spool(i);
                await().until(() -> spool.refusal() == 0 && backlogs.containsKey(spool.stream()));
            }
        }

        Spool spool(int number) {
            return spools.spool(new StreamId("default", "s" + number));
        }

        /** Reads what is durable as the sender does, and settles it. */
        void deliver(Spool spool) {
            Backlog backlog = backlogs.get(spool.stream());
            for (long at = backlog.start(); at < backlog.end(); ) {
                at = read(backlog, at);
            }
            backlog.publish(System.nanoTime());
        }

        private long read(Backlog backlog, long from) {
            try {
                return backlog.read(from, 1 << 20, (offset, key, timestamp, entry) -> {
                    if (!SpooledRecord.withdrawn(entry)) {
                        count(read, text(SpooledRecord.data(entry)), backlog.stream(), 1);
                    }
                    backlog.settle(offset);
                    return true;
                });
            } catch (IOException broken) {
                throw new AssertionError(broken);
            }
        }

        @Override
        public void close() throws IOException {
            spools.close();
            logs.close();
        }
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8).strip();
    }

    private static void count(Map<String, Integer> into, String request, StreamId stream, int records) {
        into.merge(request + " in " + stream, records, Integer::sum);
    }

    private static EntryBlock block(String text, int records, int padding) {
        EntryBlock block = new EntryBlock(1 << 10, 1 << 20);
        byte[] data = (text + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < records; i++) {
            SpooledRecord.begin(block, "key");
            block.put(data, 0, data.length);
            block.end();
        }
        return block;
    }

    @Test
    void eachRequestIsInAllOfItsSpoolsOrInNone() throws Exception {
        long seed = Long.getLong("penstock.joint.seed", System.nanoTime());
        String repeat = "repeat with -Dpenstock.joint.seed=" + seed;
        int refused = 0;
        try (Run run = new Run()) {
            Thread neighbour = new Thread(() -> {
                Random random = new Random(~seed);
                for (int i = 0; i < REQUESTS; i++) {
                    append(parts(run, "neighbour " + i, random), "neighbour " + i);
                }
            });
            neighbour.start();
            Random random = new Random(seed);
            for (int i = 0; i < REQUESTS; i++) {
                List<JointAppend.Part> parts = parts(run, "request " + i, random);
                if (append(parts, "request " + i) instanceof JointAppend.Refused none) {
                    refused++;
                    Spool full = parts.get(none.part()).spool();
                    await().pollInSameThread()
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> {
                                run.deliver(full);
                                return full.refusal() == 0;
                            });
                }
            }
            neighbour.join();
        }
        try (Run run = new Run()) {
            for (int i = 0; i < STREAMS; i++) {
                run.deliver(run.spool(i));
            }
        }
        assertTrue(refused > 0, repeat);
        assertEquals(stored, read, repeat);
    }

    private JointAppend.Result append(List<JointAppend.Part> parts, String request) {
        JointAppend.Result result = JointAppend.append(parts);
        if (result instanceof JointAppend.Refused none) {
            assertEquals(Spool.FULL, none.refusal());
        } else {
            parts.forEach(part ->
                    count(stored, request, part.spool().stream(), part.block().count()));
        }
        return result;
    }

    /** For one to three spools. Some blocks are larger than the buffers of the log. */
    private static List<JointAppend.Part> parts(Run run, String text, Random random) {
        List<Integer> streams = new ArrayList<>(List.of(0, 1, 2));
        Collections.shuffle(streams, random);
        List<JointAppend.Part> parts = new ArrayList<>();
        for (int number : streams.subList(0, 1 + random.nextInt(STREAMS))) {
            int padding = random.nextInt(10) == 0 ? 60_000 : random.nextInt(4_000);
            parts.add(new JointAppend.Part(run.spool(number), block(text, 1 + random.nextInt(3), padding)));
        }
        return parts;
    }

    @Test
    void whatWasWithdrawnIsPassedOverAndTheBlockMayBeAppendedAgain() throws Exception {
        StreamSpool never = new StreamSpool(
                new StreamId("default", "never"),
                WhenFull.BLOCK,
                new SpoolListener() {
                    @Override
                    public void opened(Backlog backlog) {}

                    @Override
                    public void failed(StreamId stream, Throwable cause) {}
                },
                Runnable::run);
        EntryBlock block = block("again", 2, 0);
        try (Run run = new Run()) {
            Spool spool = run.spool(0);
            assertEquals(
                    new JointAppend.Refused(1, Spool.FULL),
                    JointAppend.append(List.of(
                            new JointAppend.Part(spool, block), new JointAppend.Part(never, block("other", 1, 0)))));
            JointAppend.Result result =
                    JointAppend.append(List.of(new JointAppend.Part(spool, block), part(run, 1), part(run, 2)));
            assertEquals(new JointAppend.Stored(List.of(3L, 0L, 0L)), result);
            await().until(() -> spool.durable().end() == 4);
            run.deliver(spool);
        }
        assertEquals(Map.of("again in s0", 2), Map.copyOf(read));
    }

    private static JointAppend.Part part(Run run, int number) {
        return new JointAppend.Part(run.spool(number), block("with it", 1, 0));
    }
}
