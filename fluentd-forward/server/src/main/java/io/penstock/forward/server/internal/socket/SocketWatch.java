package io.penstock.forward.server.internal.socket;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.penstock.base.fault.Guard;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Looks after the files of Unix domain sockets, once a second on a thread of its own, which may block on the disk. */
public final class SocketWatch implements AutoCloseable {
    private static final int SECONDS = 1;

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("penstock-forward-sockets", true));

    /** @param sockets asked for each look; a look that comes too late for one does nothing */
    public SocketWatch(Supplier<? extends Collection<KeptSocket>> sockets) {
        Guard guard = new Guard(LoggerFactory.getLogger(SocketWatch.class));
        // Without the guard, the first exception would end the schedule for ever.
        var unused = thread.scheduleWithFixedDelay(
                () -> sockets.get().forEach(socket -> guard.run("The look at a socket's file", socket::look)),
                SECONDS,
                SECONDS,
                TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
