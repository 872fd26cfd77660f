package io.penstock.log4j;

import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;

/** A process of its own that logs, says that it has, and waits to be told to stop; Log4j's shutdown hook does the rest. */
final class LoggingProcess {
    private LoggingProcess() {}

    /** @param args the appender, the name of the events, how many */
    public static void main(String[] args) throws Exception {
        LoggerContext context = LoggerContext.getContext(false);
        Configurator.reconfigure(Application.configuration(context, "status='WARN'", args[0]));
        Logger logger = context.getLogger("com.acme.Process");
        for (int n = 0; n < Integer.parseInt(args[2]); n++) {
            logger.info("{} {}", args[1], n);
        }
        System.out.println("logged");
        // Nobody needs it any longer than a test may last.
        Thread.sleep(120_000);
    }
}
