package io.penstock.agent.live;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The latest events of the agent's life: the last {@value #MOST}, each of at most some hundred characters. Thread-safe. */
public final class Timeline {
    static final int MOST = 500;
    private static final int LONGEST = 600;

    private final InstantSource clock;
    private final Deque<Occurrence> latest = new ArrayDeque<>();
    private long next = 1;

    public Timeline(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds one; {@code text} is cut if it is very long. */
    public void add(Occurrence.Kind kind, Occurrence.Level level, String text) {
        Instant now = clock.instant();
        String shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        synchronized (this) {
            latest.addFirst(new Occurrence(next++, now, kind, level, shown));
            if (latest.size() > MOST) {
                latest.removeLast();
            }
        }
    }

    /** The latest first. */
    public synchronized List<Occurrence> latest(int limit) {
        List<Occurrence> some = new ArrayList<>();
        for (Occurrence each : latest) {
            if (some.size() == limit) {
                break;
            }
            some.add(each);
        }
        return some;
    }

    /** The id of the latest; 0 if there is none. */
    synchronized long last() {
        return next - 1;
    }
}
