package io.penstock.agent.sessions;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The sessions that survive a restart, what they take, and which of them the log has as a whole. Any thread. */
final class LiveSessions {
    private static final int FIRST_GENERATION = 1;

    private final SessionLimits limits;
    private final ConcurrentMap<Long, LoggedSession> sessions = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger generation = new AtomicInteger(FIRST_GENERATION);

    LiveSessions(SessionLimits limits) {
        this.limits = limits;
    }

    void add(LoggedSession session) {
        sessions.put(session.number, session);
    }

    void remove(LoggedSession session) {
        sessions.remove(session.number);
    }

    int count() {
        return sessions.size();
    }

    void weigh(long change) {
        bytes.addAndGet(change);
    }

    /** True if sessions may take so many bytes more. */
    boolean hasSpace(long more) {
        return bytes.get() + more <= limits.mostLive();
    }

    /** True if a log of {@code logBytes} is to be written anew. */
    boolean isLarge(long logBytes) {
        return limits.isLarge(logBytes, bytes.get());
    }

    /** True if a log of {@code logBytes} takes no further publish before it is written anew. */
    boolean isCrowded(long logBytes) {
        return limits.isCrowded(logBytes);
    }

    /** Each time that the log is written anew another generation begins; a session knows in which it was written. */
    int generation() {
        return generation.get();
    }

    int nextGeneration() {
        return generation.incrementAndGet();
    }

    /** True until the log is written anew for the second time; a start does so for the first time. */
    boolean isFirstGeneration() {
        return generation.get() == FIRST_GENERATION;
    }

    /** True if every session was written as a whole since the generation began. */
    boolean areRenewed() {
        int of = generation.get();
        return sessions.values().stream().allMatch(session -> session.generation() >= of);
    }
}
