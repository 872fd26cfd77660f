package io.penstock.tools.demo.load;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A load of a steady rate, in a thread of its own that sends some events each {@value #TICK_MILLIS} ms. */
abstract class PacedLoad implements Load {
    private static final Logger LOG = LoggerFactory.getLogger(PacedLoad.class);
    private static final int TICK_MILLIS = 50;
    private static final long PAUSE_MILLIS = 200;
    private static final Duration LAST = Duration.ofSeconds(30);

    private final int perSecond;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean given;
    private volatile long sent;

    PacedLoad(String name, int perSecond) {
        this.perSecond = perSecond;
        this.thread = new Thread(this::run, "penstock-demo-" + name);
        thread.setDaemon(true);
    }

    final void begin() {
        thread.start();
    }

    /**
     * Sends the events from that number on, and returns with the acknowledgements of all. After a failure it is called
     * again with the same events.
     */
    abstract void send(int first, int count) throws IOException, InterruptedException;

    private void run() {
        int made = 0;
        double due = 0;
        long before = System.nanoTime();
        try {
            while (!stopped) {
                Thread.sleep(TICK_MILLIS);
                long now = System.nanoTime();
                // What was not sent while the agent was away is not made up for: visitors do not wait either.
                due = Math.min(due + (now - before) / 1e9 * perSecond, perSecond);
                before = now;
                int count = (int) due;
                if (count > 0) {
                    sendAll(made, count);
                    made += count;
                    due -= count;
                    sent = made;
                }
            }
        } catch (InterruptedException closed) {
            LOG.debug("{} events were under way at the end", perSecond, closed);
        }
    }

    private void sendAll(int first, int count) throws InterruptedException {
        while (true) {
            try {
                send(first, count);
                return;
            } catch (IOException away) {
                if (given) {
                    throw new InterruptedException();
                }
                LOG.debug("The agent is away; the events from {} on are sent again", first, away);
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    @Override
    public final long sent() {
        return sent;
    }

    /** Gives up what the load holds; its thread has ended. */
    abstract void release();

    @Override
    public final void close() {
        stopped = true;
        try {
            thread.join(LAST.toMillis());
            given = true;
            thread.interrupt();
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        release();
    }
}
