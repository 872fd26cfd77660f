package io.penstock.agent.http;

import io.penstock.agent.ingest.AckChoice;

/** The keys of {@code http:} that each request reads anew, because a reload may change them. Any thread. */
final class HttpSwitches {
    private final AckChoice ack;
    private volatile boolean fluentd;
    private volatile boolean otlp;

    HttpSwitches(HttpSettings section) {
        this.ack = new AckChoice(section.ack());
        change(section);
    }

    /** From the next request on. */
    void change(HttpSettings section) {
        ack.change(section.ack());
        fluentd = section.fluentd();
        otlp = section.otlp();
    }

    AckChoice ack() {
        return ack;
    }

    boolean fluentd() {
        return fluentd;
    }

    boolean otlp() {
        return otlp;
    }
}
