package io.penstock.tools.bench;

import io.penstock.tools.bench.wire.Load;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows how far a run is: a bar that is drawn over on a terminal, else a line now and then. The caller's thread. */
public final class ProgressLine implements Bench.Watcher {
    private static final int BAR = 30;
    private static final long SHOWN_EVERY = 5_000_000_000L;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final Load load;
    private final Plan plan;
    private long shownAt;
    private int readings;
    private boolean drawn;

    public ProgressLine(PrintWriter out, boolean terminal, Load load, Plan plan) {
        this.out = out;
        this.terminal = terminal;
        this.load = load;
        this.plan = plan;
    }

    @Override
    public void load(Counters counters, long nanos) {
        if (!terminal && nanos - shownAt < SHOWN_EVERY) {
            return;
        }
        shownAt = nanos;
        long events = load.acknowledged() ? counters.acknowledged() : counters.sent();
        double ofEvents = plan.events().number() == Plan.UNBOUNDED
                ? 0
                : (double) events / plan.events().number();
        double ofTime = (double) nanos / plan.limit().toNanos();
        show(
                Math.max(ofEvents, ofTime),
                String.format(
                        Locale.ROOT,
                        "%,d events %s, %,.0f events/s%s",
                        events,
                        load.acknowledged() ? "acknowledged" : "sent",
                        nanos == 0 ? 0 : events * 1e9 / nanos,
                        counters.refused() == 0
                                ? ""
                                : String.format(Locale.ROOT, ", %,d refused", counters.refused())));
    }

    @Override
    public void reading(long found, long sent) {
        // Told ten times a second.
        if (terminal || ++readings % 50 == 0) {
            show(
                    sent == 0 ? 1 : (double) found / sent,
                    String.format(Locale.ROOT, "%,d of %,d events found in the stream", found, sent));
        }
    }

    @Override
    public void over() {
        if (drawn) {
            out.print(ERASE);
            out.flush();
            drawn = false;
        }
    }

    private void show(double part, String text) {
        if (terminal) {
            int filled = (int) Math.round(BAR * Math.min(1, Math.max(0, part)));
            out.print(ERASE + "[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] " + text);
            drawn = true;
        } else {
            out.println(text);
        }
        out.flush();
    }
}
