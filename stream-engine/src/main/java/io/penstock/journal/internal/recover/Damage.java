package io.penstock.journal.internal.recover;

import io.penstock.journal.DamagedRange;
import io.penstock.journal.LogListener;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The damaged ranges of one log: each is reported once, and the latest {@value #MOST} are kept. Thread-safe. */
public final class Damage {
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);
    private static final int MOST = 1000;

    private final LogListener listener;
    private final List<DamagedRange> ranges = new ArrayList<>();

    public Damage(LogListener listener) {
        this.listener = listener;
    }

    public void found(DamagedRange range) {
        synchronized (this) {
            for (DamagedRange known : ranges) {
                if (known.segment().equals(range.segment())
                        && known.fromPosition() <= range.fromPosition()
                        && known.toPosition() >= range.toPosition()
                        && known.fromOffset() <= range.fromOffset()
                        && known.toOffset() >= range.toOffset()) {
                    return;
                }
            }
            if (ranges.size() == MOST) {
                ranges.remove(0);
            }
            ranges.add(range);
        }
        LOG.error(
                "Damage in {}, bytes {} to {}: {} entries from offset {} on were durable and cannot be read any more."
                        + " They are passed over; check the disk.",
                range.segment(),
                range.fromPosition(),
                range.toPosition(),
                range.toOffset() - range.fromOffset(),
                range.fromOffset());
        listener.damaged(range);
    }

    public synchronized void forgetBefore(long offset) {
        ranges.removeIf(range -> range.toOffset() <= offset && range.toOffset() > range.fromOffset());
    }

    public synchronized List<DamagedRange> ranges() {
        return List.copyOf(ranges);
    }
}
