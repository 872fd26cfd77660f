package io.penstock.journal;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Steps that many tests of the log share. */
final class LogSteps {
    /** A short interval, because a force takes well under a millisecond and some tests wait for hundreds. */
    private static final Duration OFTEN = Duration.ofMillis(1);

    private LogSteps() {}

    static long append(DurableLog log, int key, String text) {
        EntryBlock block = new EntryBlock(64, 1 << 20);
        add(block, key, text);
        return appendUntilTaken(log, block);
    }

    static long appendUntilTaken(DurableLog log, EntryBlock block) {
        long[] offset = {log.append(block)};
        if (offset[0] < 0) {
            await().pollInterval(OFTEN).until(() -> (offset[0] = log.append(block)) >= 0);
        }
        return offset[0];
    }

    static void add(EntryBlock block, int key, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        block.begin(key);
        block.put(bytes, 0, bytes.length);
        block.end();
    }

    static void awaitDurable(DurableLog log, long end) {
        await().pollInterval(OFTEN).until(() -> log.durableEnd() == end);
    }

    static List<String> read(DurableLog log, long from) throws IOException {
        List<String> texts = new ArrayList<>();
        try (LogReader reader = log.reader()) {
            long at = from;
            while (at < log.durableEnd()) {
                at = reader.read(at, 10_000, (offset, key, timestamp, entry) -> {
                    texts.add(StandardCharsets.UTF_8.decode(entry).toString());
                    return true;
                });
            }
        }
        return texts;
    }
}
