package io.penstock.agent.log4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();
    private final LineSplitter.Taker taker = new LineSplitter.Taker() {
        @Override
        public void line(byte[] bytes, int from, int to) {
            lines.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }

        @Override
        public void tooLong() {
            lines.add("too long");
        }
    };

    @Test
    void linesAreTheSameHoweverTheyArrive() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int n = random.nextInt(20); n > 0; n--) {
                int length = random.nextInt(30);
                String line = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz".substring(0, length);
                text.append(line).append(random.nextBoolean() ? "\n" : random.nextBoolean() ? "\r\n" : "\0");
                if (length > 0) {
                    expected.add(line);
                }
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            LineSplitter splitter = new LineSplitter(40);
            lines.clear();
            for (int at = 0; at < bytes.length; ) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(50));
                splitter.split(bytes, at, to, taker);
                at = to;
            }
            splitter.finish(taker);
            assertEquals(expected, lines, "seed " + seed + ", round " + round);
        }
    }

    @Test
    void aLineAboveTheBoundIsToldOnceHoweverItArrives() {
        byte[] bytes = ("ok\n" + "x".repeat(100) + "\nagain\n").getBytes(StandardCharsets.UTF_8);
        for (int step = 1; step <= bytes.length; step++) {
            LineSplitter splitter = new LineSplitter(50);
            lines.clear();
            for (int at = 0; at < bytes.length; at += step) {
                splitter.split(bytes, at, Math.min(bytes.length, at + step), taker);
            }
            assertEquals(List.of("ok", "too long", "again"), lines, "in steps of " + step);
        }
    }
}
