package io.penstock.agent.live;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The open streams of server-sent events: at most {@value #MOST}. Each has at most one event under way, and
 * the latest one behind it; it is closed when it has not read for {@value #PATIENCE} events. Thread-safe.
 */
public final class Watchers {
    public static final int MOST = 16;
    public static final int PATIENCE = 15;

    private final Set<Watcher> all = ConcurrentHashMap.newKeySet();
    private boolean closed;

    private static final class Watcher {
        private final HttpResponseWriter answer = HttpResponse.streaming();
        private boolean unread;
        private @Nullable HttpData latest;
        private int missed;

        /** Sends the event, or keeps it until the one before is read; false if the watcher must go. */
        synchronized boolean tell(HttpData event) {
            if (!answer.isOpen()) {
                return false;
            }
            if (unread) {
                latest = event;
                missed++;
                return missed < PATIENCE;
            }
            return send(event);
        }

        private boolean send(HttpData event) {
            missed = 0;
            latest = null;
            unread = true;
            if (!answer.tryWrite(event)) {
                return false;
            }
            var unused = answer.whenConsumed().thenRun(this::consumed);
            return true;
        }

        private synchronized void consumed() {
            unread = false;
            if (latest != null) {
                send(latest);
            }
        }
    }

    /** One more, told the present state at once; empty if there are too many. */
    public synchronized Optional<HttpResponse> open(byte[] present) {
        if (closed || all.size() >= MOST) {
            return Optional.empty();
        }
        Watcher watcher = new Watcher();
        all.add(watcher);
        var unused = watcher.answer.whenComplete().handle((done, failure) -> all.remove(watcher));
        watcher.answer.write(ResponseHeaders.builder(HttpStatus.OK)
                .contentType(MediaType.EVENT_STREAM)
                .add(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build());
        watcher.answer.write(HttpData.ofUtf8("retry: 2000\n\n"));
        watcher.tell(event(present));
        return Optional.of(watcher.answer);
    }

    private static HttpData event(byte[] json) {
        return HttpData.ofUtf8("data: " + new String(json, StandardCharsets.UTF_8) + "\n\n");
    }

    int count() {
        return all.size();
    }

    /** Tells all, if there are any; one that does not read is closed. */
    public void tell(Supplier<byte[]> present) {
        if (all.isEmpty()) {
            return;
        }
        HttpData event = event(present.get());
        for (Watcher watcher : all) {
            if (!watcher.tell(event)) {
                all.remove(watcher);
                watcher.answer.close();
            }
        }
    }

    public synchronized void close() {
        closed = true;
        all.forEach(watcher -> watcher.answer.close());
    }
}
