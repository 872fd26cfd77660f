package io.penstock.agent.console;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayList;
import java.util.List;

/** The rates of the last {@value #POINTS} readings of one stream or shard. */
@OwnedBy(ThreadRole.HOLDER)
final class Series {
    static final int POINTS = 120;

    private final float[] values = new float[4 * POINTS];
    private int next;
    private int silent;

    void add(Rate rate) {
        int at = 4 * next;
        values[at] = (float) rate.recordsIn();
        values[at + 1] = (float) rate.bytesIn();
        values[at + 2] = (float) rate.recordsOut();
        values[at + 3] = (float) rate.bytesOut();
        next = (next + 1) % POINTS;
        silent = rate.isNone() ? silent + 1 : 0;
    }

    /** True if all of them are zero. */
    boolean isSilent() {
        return silent >= POINTS;
    }

    /** The earliest first; zero from before the first reading. */
    List<Rate> rates() {
        List<Rate> rates = new ArrayList<>(POINTS);
        for (int i = 0; i < POINTS; i++) {
            int at = 4 * ((next + i) % POINTS);
            rates.add(new Rate(values[at], values[at + 1], values[at + 2], values[at + 3]));
        }
        return rates;
    }
}
