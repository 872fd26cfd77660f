package io.penstock.agent.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.agent.StartReport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BannerTest {
    private static final int PLAIN = 9881;

    /** The listener puts its plain address first; see {@code Sources}. */
    private static String banner(boolean open) {
        StartReport.Listener http = new StartReport.Listener(
                "http",
                address -> address.getPort() == PLAIN ? "http://" : "https://",
                List.of(new InetSocketAddress("127.0.0.1", PLAIN), new InetSocketAddress("127.0.0.1", 9880)),
                List.of(Path.of("/run/http.sock")),
                "POST",
                open);
        return new Banner(
                        new StartReport(
                                "1",
                                List.of(http),
                                "embedded",
                                "us-east-1",
                                Path.of("/data"),
                                "heap up to 64 MiB",
                                0,
                                7),
                        "penstock")
                .render();
    }

    @Test
    void eachAddressHasItsOwnSchemeAndTheSampleGoesToThePlainOne() {
        String banner = banner(true);
        assertTrue(
                banner.contains("http     http://127.0.0.1:9881, https://127.0.0.1:9880, unix:/run/http.sock  (POST)"),
                banner);
        assertTrue(banner.contains("  curl http://127.0.0.1:9881/v1/streams/orders/records "), banner);
    }

    @Test
    void thereIsNoSampleForAnAddressThatWantsMoreThanALine() {
        assertFalse(banner(false).contains("curl"), banner(false));
    }
}
