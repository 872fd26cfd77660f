package io.penstock.forward.client.appender;

/** Where an appender reports its own state: the status log of its framework, never a logger. Any thread. */
public interface StatusLog {
    void info(String text);

    void warn(String text);

    void error(String text);
}
