package io.penstock.engine.http;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Bounds the requests of a server whose answers are not sent to the end. Each holds some KiB, and one connection of
 * HTTP/2 can have hundreds. A connection with many of them gets half of the bound; the rest is for connections with few.
 * Thread-safe.
 */
final class OpenRequests {
    private static final int FEW = 4;

    private final int max;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong refusals = new AtomicLong();

    /** What becomes of a request. */
    enum Verdict {
        SERVED,
        /** There is no room for it now. */
        REFUSED,
        /** Its connection has too many open requests. */
        CONNECTION_CLOSED
    }

    OpenRequests(int max) {
        this.max = max;
    }

    /** One for each 64 KiB of the heap, but 1024 at least. */
    static OpenRequests ofHeap() {
        return new OpenRequests((int)
                Math.max(1024, Math.min(1 << 20, Runtime.getRuntime().maxMemory() >> 16)));
    }

    /** Counts a request until its answer is sent, or its connection is closed. On the request's event loop. */
    Verdict admit(ServiceRequestContext context, Channel channel) {
        int now = open.incrementAndGet();
        var unused = context.log().whenComplete().thenRun(open::decrementAndGet);
        if (now > max / 2 && BlockedStreams.open(channel) > FEW) {
            refusals.incrementAndGet();
            return Verdict.CONNECTION_CLOSED;
        }
        if (now > max) {
            refusals.incrementAndGet();
            return Verdict.REFUSED;
        }
        return Verdict.SERVED;
    }

    /** Tells whether a request was refused since it was asked last. For one thread. */
    BooleanSupplier refusalsSince() {
        long[] seen = {refusals.get()};
        return () -> {
            long now = refusals.get();
            boolean more = now != seen[0];
            seen[0] = now;
            return more;
        };
    }

    int max() {
        return max;
    }
}
