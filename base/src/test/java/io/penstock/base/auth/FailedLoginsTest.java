package io.penstock.base.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
    @Test
    void failuresOfOneAddressAreAnsweredLaterAndLater() {
        FailedLogins failures = new FailedLogins(Duration.ofSeconds(1));
        List<Long> delays = new java.util.ArrayList<>();
        for (int i = 0; i < 9; i++) {
            delays.add(failures.add("10.0.0.1", i));
        }
        assertEquals(List.of(0L, 0L, 0L, 100L, 200L, 400L, 800L, 1000L, 1000L), delays);
        assertEquals(0, failures.add("10.0.0.2", 9));
        assertEquals(0, failures.add("10.0.0.1", Duration.ofMinutes(6).toNanos()));
        failures.forget("10.0.0.1");
        assertEquals(0, failures.add("10.0.0.1", Duration.ofMinutes(6).toNanos()));
    }
}
