package io.penstock.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Two applications that log on through all of the agent's lives. What our appender has when it stops cleanly was
 * acknowledged, so each of its events counts; JSON lines know no acknowledgement and only add to the load.
 */
final class LoggingLoad {
    private static final Duration DRAIN = Duration.ofSeconds(60);
    private static final long PACE_NANOS = 1_000_000;

    private final Marks marks;
    private final AtomicBoolean going = new AtomicBoolean(true);
    private final LoggingApplication penstock;
    private final LoggingApplication socket;
    private final List<String> logged = new ArrayList<>();
    private final Thread penstockThread;
    private final Thread socketThread;

    private LoggingLoad(int forwardPort, int linesPort, Marks marks) throws IOException {
        this.marks = marks;
        this.penstock = LoggingApplication.withPenstockAppender(forwardPort);
        this.socket = LoggingApplication.withSocketAppender(linesPort);
        this.penstockThread = new Thread(() -> log(penstock, "appender", logged), "appender");
        this.socketThread = new Thread(() -> log(socket, "lines", new ArrayList<>()), "json lines");
    }

    static LoggingLoad start(int forwardPort, int linesPort, Marks marks) throws IOException {
        LoggingLoad load = new LoggingLoad(forwardPort, linesPort, marks);
        load.penstockThread.start();
        load.socketThread.start();
        return load;
    }

    /** Stops both applications while the agent lives. */
    void end() throws InterruptedException {
        going.set(false);
        penstockThread.join();
        socketThread.join();
        socket.stop(Duration.ofSeconds(5));
        penstock.stop(DRAIN);
        logged.forEach(marks::acknowledged);
    }

    private void log(LoggingApplication application, String client, List<String> into) {
        while (going.get()) {
            String mark = marks.next(client);
            application.logger("com.acme.Load").info("{}", mark);
            into.add(mark);
            LockSupport.parkNanos(PACE_NANOS);
        }
    }
}
