package io.penstock.logback;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program without Spring Boot: logs, and returns from its main method. */
final class LoggingProcess {
    private LoggingProcess() {}

    /** @param args how many events */
    public static void main(String[] args) {
        Logger logger = LoggerFactory.getLogger("com.acme.Process");
        for (int n = 0; n < Integer.parseInt(args[0]); n++) {
            logger.info("event {}", n);
        }
    }
}
