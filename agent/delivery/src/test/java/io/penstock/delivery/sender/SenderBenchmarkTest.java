package io.penstock.delivery.sender;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark is run by hand, so a change of the sender that its endpoint does not follow would not be seen. */
class SenderBenchmarkTest {
    @Test
    @Timeout(120)
    void aRoundOfEachContenderEnds() throws Exception {
        ByteArrayOutputStream report = new ByteArrayOutputStream();

        SenderBenchmark.run(new PrintStream(report, true, StandardCharsets.UTF_8), 1_000, 200, 1, "sender,sdk", 0);

        String text = report.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("median    sender"), text);
        assertTrue(text.contains("times the SDK loop's records per CPU second"), text);
    }
}
