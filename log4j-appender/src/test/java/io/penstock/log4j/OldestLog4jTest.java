package io.penstock.log4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.util.PropertiesUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The tests run a second time with the oldest supported Log4j; this test checks that it really is that version. */
class OldestLog4jTest {
    @Test
    @EnabledIfSystemProperty(named = "penstock.test.log4j", matches = ".+")
    void isWhatTheseTestsRunWith() {
        String version = System.getProperty("penstock.test.log4j");
        for (Class<?> type : new Class<?>[] {LoggerContext.class, PropertiesUtil.class}) {
            String jar =
                    type.getProtectionDomain().getCodeSource().getLocation().getPath();
            assertEquals(version + ".jar", jar.substring(jar.lastIndexOf('-') + 1));
        }
    }
}
