package io.penstock.log4j;

import org.apache.logging.log4j.core.LoggerContext;

/** What a web application does with its logging, in a class loader of its own: started, stopped, and started again. */
public final class WebApplication {
    private WebApplication() {}

    /** Called by reflection from another class loader. */
    public static void run(String appenders, String message) {
        LoggerContext context = new LoggerContext("web");
        for (int round = 1; round <= 2; round++) {
            context.start(Application.configuration(context, "shutdownHook='disable'", appenders));
            context.getLogger("com.acme.Web").info("{} {}", message, round);
            context.stop();
        }
    }
}
