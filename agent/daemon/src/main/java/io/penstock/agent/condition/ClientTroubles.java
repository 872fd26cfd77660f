package io.penstock.agent.condition;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.time.RoughDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What sources met with single clients lately: bad input, floods, failed logins, and clients that push each other out of
 * one session. Each is a condition of the client's address until nothing like it came for {@value #LASTS_MINUTES}
 * minutes. At most {@value #MOST} are held; the one that was silent for the longest time makes place. Thread-safe.
 */
public final class ClientTroubles implements Supplier<List<Finding>> {
    static final int MOST = 100;
    static final int LASTS_MINUTES = 10;

    /** A client that reconnects takes over its own session now and then; this often within minutes is none of that. */
    static final int STORM = 10;

    private static final long LASTS = Duration.ofMinutes(LASTS_MINUTES).toNanos();

    private final LongSupplier nanoTime;
    /** In order of the last use. */
    private final Map<Key, Met> met = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(ConditionName name, String client) {}

    private record Met(long first, long last, long times, String detail) {}

    /** @param nanoTime {@link System#nanoTime} outside of tests */
    public ClientTroubles(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * @param source mqtt, http and so on
     * @param host of the client, without its port
     * @param detail what happened, without payload
     */
    public synchronized void saw(ConditionName name, String source, String host, String detail) {
        long now = nanoTime.getAsLong();
        Key key = new Key(name, source + " " + host);
        Met before = met.get(key);
        if (before == null || now - before.last() >= LASTS) {
            met.put(key, new Met(now, now, 1, detail));
        } else {
            met.put(key, new Met(before.first(), now, before.times() + 1, detail));
        }
        Iterator<Key> eldest = met.keySet().iterator();
        if (met.size() > MOST) {
            eldest.next();
            eldest.remove();
        }
    }

    @Override
    public synchronized List<Finding> get() {
        long now = nanoTime.getAsLong();
        met.values().removeIf(each -> now - each.last() >= LASTS);
        List<Finding> found = new ArrayList<>();
        met.forEach((key, each) -> {
            if (key.name() != ConditionName.SESSION_STORM || each.times() >= STORM) {
                found.add(Finding.of(key.name(), Place.client(key.client()), words(each, now)));
            }
        });
        return found;
    }

    private static String words(Met each, long now) {
        String ago = RoughDuration.of(Duration.ofNanos(now - each.last())) + " ago";
        return each.times() == 1
                ? each.detail() + " (" + ago + ")"
                : each.detail() + " (" + each.times() + " times, last " + ago + ")";
    }
}
