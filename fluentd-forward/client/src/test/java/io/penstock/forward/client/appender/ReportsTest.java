package io.penstock.forward.client.appender;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.forward.client.Address;
import io.penstock.forward.client.ClientStatus;
import io.penstock.forward.client.Offered;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final Address SERVER = Address.of("agent", 24224);

    private final List<String> lines = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5; // The clock of System.nanoTime may pass its largest number.
    private final Reports reports = new Reports(
            "sut",
            new StatusLog() {
                @Override
                public void info(String text) {
                    lines.add("INFO " + text);
                }

                @Override
                public void warn(String text) {
                    lines.add("WARN " + text);
                }

                @Override
                public void error(String text) {
                    lines.add("ERROR " + text);
                }
            },
            () -> now);

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void refusedEventsAreOneLineInTenSeconds() {
        for (int second = 0; second < 30; second++) {
            reports.refused(Offered.FULL, ClientStatus.NONE);
            reports.refused(Offered.TOO_LARGE, ClientStatus.NONE);
            pass(1);
        }
        assertEquals(3, lines.size(), lines.toString());
        assertEquals(
                "WARN Penstock appender sut: an event was not taken (FULL); so far: " + ClientStatus.NONE,
                lines.get(0));
    }

    @Test
    void aServerThatStaysAwayIsSaidAtOnceAndThenInTenSeconds() {
        for (int second = 0; second < 15; second++) {
            reports.disconnected(SERVER, "cannot connect: Connection refused", 2);
            pass(1);
        }
        reports.connected(SERVER);
        reports.disconnected(SERVER, "closed the connection", 0);
        String away =
                "WARN Penstock appender sut: agent:24224 cannot connect: Connection refused; 2 chunks will be sent"
                        + " again";
        assertEquals(
                List.of(
                        away,
                        away,
                        "INFO Penstock appender sut: connected to agent:24224",
                        "WARN Penstock appender sut: agent:24224 closed the connection; 0 chunks will be sent again"),
                lines);
    }
}
