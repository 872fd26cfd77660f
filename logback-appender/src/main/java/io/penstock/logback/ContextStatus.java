package io.penstock.logback;

import ch.qos.logback.core.Context;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.penstock.forward.client.appender.StatusLog;

/**
 * Reports to the status manager of a logger context. It belongs to a client and so outlives appenders. Thread-safe, as
 * status managers are.
 */
final class ContextStatus extends ContextAwareBase implements StatusLog {
    ContextStatus(Context context) {
        setContext(context);
    }

    @Override
    public void info(String text) {
        addInfo(text);
    }

    @Override
    public void warn(String text) {
        addWarn(text);
    }

    @Override
    public void error(String text) {
        addError(text);
    }
}
