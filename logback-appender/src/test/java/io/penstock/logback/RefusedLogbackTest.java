package io.penstock.logback;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** An application with an older Logback and SLF4J 1, as Spring Boot 2 has them. Runs with these libraries only. */
@EnabledIfSystemProperty(named = "penstock.test.refused", matches = ".+")
class RefusedLogbackTest {
    @Test
    void isNamedWithTheVersionThatIsNeededAndTheApplicationGoesOn() {
        String jar = LoggerContext.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        assertTrue(jar.endsWith("logback-classic-" + System.getProperty("penstock.test.refused") + ".jar"), jar);
        try (Application application = new Application(PenstockAppenderTest.appender(24224, ""))) {
            assertTrue(
                    application.told("Penstock appender sut: it needs Logback 1.3 or newer with SLF4J 2, and this"
                            + " application has an older one: update both"),
                    application.status().toString());
            assertFalse(application.appender().isStarted());
            application.logger("a").info("goes nowhere");
        }
    }
}
