package io.penstock.agent.console;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.penstock.base.fault.Guard;
import io.penstock.base.text.CauseText;
import io.penstock.base.text.RateLimitedLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open tails: at most {@value #MOST}, each a stream of server-sent events. One thread reads for all of them, four
 * times a second, while there are any. A tail has one event under way: as long as the browser has not taken it, nothing
 * is read, and what comes is left out. A tail that does not read for {@link #PATIENCE} turns is closed. Thread-safe.
 */
final class Tails implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tails.class);
    static final int MOST = 8;
    static final int PATIENCE = 240;
    private static final Duration EVERY = Duration.ofMillis(250);
    /** Something between may cut off a silent answer, and a browser that is gone is noticed by writing. */
    private static final int TURNS_OF_SILENCE = 40;

    private final RateLimitedLog log = RateLimitedLog.of(LOG);
    private final Set<Open> all = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread;
    private final Guard guard = new Guard(LOG);
    private final Duration every;
    private boolean turning;
    private boolean closed;

    /** Used by the thread of tails, but for {@link #unread}. */
    private static final class Open {
        private final Tail tail;
        private final HttpResponseWriter answer = HttpResponse.streaming();
        private volatile boolean unread;
        private int waited;
        private int silent;

        Open(Tail tail) {
            this.tail = tail;
        }

        /** Reads and sends, unless the event before is still under way; false if the tail must go. */
        boolean turn() throws IOException {
            if (!answer.isOpen() || tail.isOver()) {
                return false;
            }
            if (unread) {
                return ++waited < PATIENCE;
            }
            waited = 0;
            Optional<byte[]> event = tail.next();
            if (event.isPresent()) {
                silent = 0;
                return send("data: " + new String(event.get(), StandardCharsets.UTF_8) + "\n\n");
            }
            return ++silent % TURNS_OF_SILENCE != 0 || send(": nothing came\n\n");
        }

        private boolean send(String text) {
            unread = true;
            if (!answer.tryWrite(HttpData.ofUtf8(text))) {
                return false;
            }
            var unused = answer.whenConsumed().thenRun(() -> unread = false);
            return true;
        }
    }

    Tails() {
        this(EVERY);
    }

    /** @param every how often all are read */
    Tails(Duration every) {
        this.every = every;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "penstock-console-tails");
            made.setDaemon(true);
            return made;
        });
    }

    /** One more; empty if there are too many. */
    synchronized Optional<HttpResponse> open(Tail tail) {
        if (closed || all.size() >= MOST) {
            return Optional.empty();
        }
        Open open = new Open(tail);
        all.add(open);
        var unused = open.answer.whenComplete().handle((done, failure) -> all.remove(open));
        open.answer.write(ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.EVENT_STREAM)
                .add(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build());
        open.answer.write(HttpData.ofUtf8("event: open\ndata: {}\n\n"));
        if (!turning) {
            turnLater();
        }
        return Optional.of(open.answer);
    }

    /** Without tails nothing turns: the thread of an agent without a console open sleeps. */
    private synchronized void turnLater() {
        turning = !closed && !all.isEmpty();
        if (turning) {
            guard.after(every, thread, "The tails of the console", this::turn);
        }
    }

    private void turn() {
        try {
            readAll();
        } finally {
            turnLater();
        }
    }

    /** Reads once for each; by one thread at a time. */
    void readAll() {
        for (Open open : all) {
            boolean goesOn = false;
            try {
                goesOn = open.turn();
            } catch (IOException | RuntimeException failed) {
                log.warn("unreadable", "A tail of the console ends: " + CauseText.orUnknown(failed));
            }
            if (!goesOn) {
                all.remove(open);
                open.answer.close();
            }
        }
    }

    int count() {
        return all.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.shutdownNow();
        all.forEach(open -> open.answer.close());
    }
}
