package io.penstock.base.time;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps stamps to the age that the data had reached and to its date. A new era begins when stamp, age and date did not
 * advance by the same amount; within an era they do. Immutable.
 *
 * <p>Stamps and ages never fall from era to era; dates may. The beginning of each later era caps the date of an earlier
 * stamp. So dates never fall from stamp to stamp either, and data stored while the clock was years ahead gets, once the
 * clock was set right, a date no later than that moment.
 *
 * <p>At most {@value #MOST} eras are held. When one more begins, the second oldest is merged into the oldest: a stamp
 * in it keeps its age or gets a lower one.
 */
final class Timeline {
    static final int MOST = 200;

    /** Later than any time that is asked for, and small enough that sums do not overflow. */
    private static final long FAR = 1L << 60;

    /** The beginning of an era, all in milliseconds. */
    record Era(long stamp, long age, long date) {
        private long ageAt(long at) {
            return age + (at - stamp);
        }

        private long dateAt(long at) {
            return date + (at - stamp);
        }
    }

    private final List<Era> eras;
    /** By era: the upper bound of ages in it; the next array holds the same for dates. */
    private final long[] ageCaps;

    private final long[] dateCaps;

    Timeline(List<Era> eras) {
        this.eras = List.copyOf(eras);
        int count = eras.size();
        this.ageCaps = new long[count];
        this.dateCaps = new long[count];
        long age = FAR;
        long date = FAR;
        for (int i = count - 1; i >= 0; i--) {
            ageCaps[i] = age;
            dateCaps[i] = date;
            age = Math.min(age, eras.get(i).age());
            date = Math.min(date, eras.get(i).date());
        }
    }

    List<Era> eras() {
        return eras;
    }

    Timeline with(Era next) {
        List<Era> more = new ArrayList<>(eras);
        more.add(next);
        if (more.size() > MOST) {
            more.remove(1);
        }
        return new Timeline(more);
    }

    /** The date of a stamp by the present era alone. */
    long latestDate(long stamp) {
        return eras.get(eras.size() - 1).dateAt(stamp);
    }

    long ageOf(long stamp) {
        int i = eraOf(stamp);
        return Math.min(eras.get(i).ageAt(stamp), ageCaps[i]);
    }

    long dateOf(long stamp) {
        int i = eraOf(stamp);
        return Math.min(eras.get(i).dateAt(stamp), dateCaps[i]);
    }

    private int eraOf(long stamp) {
        int i = eras.size() - 1;
        while (i > 0 && eras.get(i).stamp() > stamp) {
            i--;
        }
        return i;
    }

    /** The first stamp of at least this age. */
    long firstOfAge(long age) {
        long wanted = bounded(age);
        int i = 0;
        while (i < eras.size() - 1 && Math.min(eras.get(i).ageAt(lastOf(i)), ageCaps[i]) < wanted) {
            i++;
        }
        return from(i, wanted - eras.get(i).age());
    }

    /** The first stamp of at least this date. */
    long firstOfDate(long date) {
        long wanted = bounded(date);
        int i = 0;
        while (i < eras.size() - 1 && Math.min(eras.get(i).dateAt(lastOf(i)), dateCaps[i]) < wanted) {
            i++;
        }
        return from(i, wanted - eras.get(i).date());
    }

    private long lastOf(int era) {
        return eras.get(era + 1).stamp() - 1;
    }

    /** The beginning of an era. The first era has none: it holds everything stored before eras existed. */
    private long from(int era, long after) {
        return eras.get(era).stamp() + (era == 0 ? after : Math.max(0, after));
    }

    private static long bounded(long time) {
        return Math.min(Math.max(time, -FAR), FAR);
    }
}
