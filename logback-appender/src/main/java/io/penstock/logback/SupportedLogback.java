package io.penstock.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** The Logback in the application: events have key-value pairs, and several markers, from Logback 1.3 on. */
final class SupportedLogback {
    private SupportedLogback() {}

    /** @throws IllegalArgumentException if the application has an older one */
    static void check() {
        try {
            ILoggingEvent.class.getMethod("getKeyValuePairs");
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    "it needs Logback 1.3 or newer with SLF4J 2, and this application has an older one: update both",
                    e);
        }
    }
}
