package io.penstock.delivery.spool;

import io.penstock.journal.Claim;
import io.penstock.journal.DamagedRange;
import io.penstock.journal.DurableLog;
import io.penstock.journal.EntryBlock;
import io.penstock.journal.LogReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A log that only counts, in segments of 256 entries, and refuses appends on request. */
final class ScriptedLog implements DurableLog {
    private static final long SEGMENT = 256;

    long refusal;

    @Nullable
    String diskShortage;

    long start;
    long end;
    long durable;

    @Override
    public long append(EntryBlock block) {
        if (refusal < 0) {
            return refusal;
        }
        long first = end;
        end += block.count();
        return first;
    }

    @Override
    public Claim claim(EntryBlock block) {
        throw new UnsupportedOperationException("nothing is claimed here");
    }

    @Override
    public long durableEnd() {
        return durable;
    }

    @Override
    public long startOffset() {
        return start;
    }

    @Override
    public long endOffset() {
        return end;
    }

    @Override
    public long sizeBytes() {
        return end / SEGMENT - start / SEGMENT;
    }

    @Override
    public Optional<String> diskShortage() {
        return Optional.ofNullable(diskShortage);
    }

    @Override
    public void truncateBefore(long offset) {
        start = offset;
    }

    @Override
    public LogReader reader() {
        throw new UnsupportedOperationException("nothing is read here");
    }

    @Override
    public List<DamagedRange> damage() {
        return List.of();
    }

    @Override
    public void close() {}
}
