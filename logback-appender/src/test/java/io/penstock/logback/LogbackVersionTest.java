package io.penstock.logback;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The tests run again with other versions of Logback; this test checks that it really is that version. */
class LogbackVersionTest {
    @Test
    @EnabledIfSystemProperty(named = "penstock.test.logback", matches = ".+")
    void isWhatTheseTestsRunWith() {
        String version = System.getProperty("penstock.test.logback");
        for (Class<?> type : new Class<?>[] {LoggerContext.class, Context.class}) {
            String jar =
                    type.getProtectionDomain().getCodeSource().getLocation().getPath();
            assertEquals(version + ".jar", jar.substring(jar.lastIndexOf('-') + 1));
        }
    }
}
