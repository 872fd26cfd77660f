package io.penstock.delivery.sender;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.delivery.kinesis.Endpoint;
import io.penstock.delivery.kinesis.settings.AutoCreate;
import io.penstock.delivery.kinesis.settings.Priority;
import io.penstock.delivery.sender.call.CallLimits;
import io.penstock.delivery.sender.deadletter.DeadLetters;
import io.penstock.delivery.sender.schedule.SenderMemory;
import io.penstock.delivery.sender.status.StreamStatus;
import io.penstock.delivery.spool.Backlog;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;

/** A supervised sender in virtual time, whose spool, endpoint and clock throw when a test says so. */
final class DefectBench {
    /** The call that throws, or the methods that always throw. */
    static final class Defects {
        private final int throwsAt;
        private int calls;
        /** Set once the first sender exists. */
        private boolean armed;

        private String site = "";
        private String always = "";

        Defects(int throwsAt) {
            this.throwsAt = throwsAt;
        }

        void always(String name) {
            always = name;
        }

        boolean met() {
            return !site.isEmpty();
        }

        String describe() {
            return "call " + throwsAt + ", " + site;
        }

        void mayThrow(String name) {
            if (name.equals(always)) {
                throw new IllegalStateException("a defect in " + name);
            }
            if (armed && ++calls == throwsAt) {
                site = name;
                switch (throwsAt % 5) {
                    case 0 -> throw new IllegalStateException("a defect in " + name);
                    case 1 -> throw new StackOverflowError("a defect in " + name);
                    case 2 -> throw new AssertionError("a defect in " + name);
                    case 3 -> throw new NoClassDefFoundError("a defect in " + name);
                    default -> throw new OutOfMemoryError("direct memory, say");
                }
            }
        }
    }

    final int targetCalls = 8;
    final VirtualTime time = new VirtualTime();
    final FakeKinesis kinesis = new FakeKinesis(time, 2, 1);
    final MemoryBacklog backlog = new MemoryBacklog(1 << 20);
    final MemoryBudget.Account memory = MemoryBudget.of(1 << 20).account(1.0);
    final Defects defects;
    final SupervisedSender sender;
    private final TargetSendQueue queue = new TargetSendQueue(Double.POSITIVE_INFINITY, targetCalls, call -> 1, 0);
    private boolean woken = true;
    private long due;

    DefectBench(Path folder, int throwsAt) {
        defects = new Defects(throwsAt);
        kinesis.checksOrder = false;
        kinesis.throttleShare = entry -> 0.2;
        Runnable wake = () -> woken = true;
        SenderSettings settings = new SenderSettings(
                new SenderSettings.Rules(
                        new CallLimits(
                                20,
                                10 << 20,
                                CallLimits.AGGREGATE_BYTES,
                                4,
                                false,
                                0,
                                Duration.ofSeconds(10).toNanos()),
                        true,
                        Double.POSITIVE_INFINITY,
                        AutoCreate.OFF,
                        1 << 20,
                        Duration.ofSeconds(30)),
                () -> {
                    defects.mayThrow("clock");
                    return time.now();
                },
                new SplittableRandom(1),
                new SenderMemory(memory),
                queue.join(Priority.NORMAL, wake),
                new DeadLetters(
                        folder, backlog.stream(), InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")), 1 << 20));
        sender = new SupervisedSender(
                throwing(Backlog.class, backlog), throwing(Endpoint.class, kinesis), settings, wake);
        defects.armed = true;
    }

    /** Throws before the call or after it, alternately. */
    private <T> T throwing(Class<T> type, T real) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("stream")) {
                return method.invoke(real, arguments);
            }
            boolean before =
                    defects.throwsAt % 2 == 0 || !method.getReturnType().equals(void.class);
            if (before) {
                defects.mayThrow(method.getName());
            }
            try {
                Object result = method.invoke(real, arguments);
                if (!before) {
                    defects.mayThrow(method.getName());
                }
                return result;
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    void append(int records) {
        for (int i = 0; i < records; i++) {
            backlog.append(i % 5 == 0 ? "" : "key-" + i % 7, "" + i);
        }
    }

    /** The sender's status. Nothing throws here, because the test asks, not the sender. */
    StreamStatus status() {
        defects.armed = false;
        StreamStatus status = sender.status();
        defects.armed = true;
        return status;
    }

    void runToTheEnd() {
        for (int passes = 0; !backlog.allSettled() || status().load().calls() > 0; passes++) {
            if (passes > 10_000 || !step(Long.MAX_VALUE)) {
                throw new AssertionError("no end: " + defects.describe() + ", " + status());
            }
        }
    }

    void runFor(Duration duration) {
        long end = time.now() + duration.toNanos();
        while (step(end)) {
            // until the end
        }
        time.advanceTo(end);
    }

    private boolean step(long end) {
        if (woken || due <= time.now()) {
            woken = false;
            try {
                due = sender.doWork();
            } catch (Throwable defect) {
                due = time.now() + Duration.ofSeconds(1).toNanos();
            }
            return true;
        }
        long next = Math.min(due, time.next());
        if (next == Long.MAX_VALUE || next > end) {
            return false;
        }
        time.advanceTo(next);
        return true;
    }

    int callsThatAnotherStreamMayMake() {
        TargetSendQueue.Slot other = queue.join(Priority.NORMAL, () -> {});
        int calls = 0;
        while (other.admits(time.now())) {
            other.sent(kinesis.calls.get(0));
            calls++;
        }
        return calls;
    }
}
