package io.penstock.log4j;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;

/** A separate process that logs, reports that it has, and ends in one of the ways in which applications end. */
final class LoggingProcess {
    private LoggingProcess() {}

    /** @param args the appenders, the name of the events, how many, and how to end */
    public static void main(String[] args) throws Exception {
        LoggerContext context = LoggerContext.getContext(false);
        Configurator.reconfigure(Application.configuration(context, "status='WARN'", args[0]));
        Logger logger = context.getLogger("com.acme.Process");
        for (int n = 0; n < Integer.parseInt(args[2]); n++) {
            logger.info("{} {}", args[1], n);
        }
        System.out.println("logged");
        switch (args[3]) {
            case "signal":
                // Longer than a test may last.
                Thread.sleep(120_000);
                break;
            case "shutdown":
                LogManager.shutdown();
                // Skips the shutdown hooks: logging must be complete already.
                Runtime.getRuntime().halt(0);
                break;
            case "interrupted":
                Thread.currentThread().interrupt();
                LogManager.shutdown();
                Runtime.getRuntime().halt(0);
                break;
            default:
                // Log4j's shutdown hook runs when the last non-daemon thread has returned.
                break;
        }
    }
}
