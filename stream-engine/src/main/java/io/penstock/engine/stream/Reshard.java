package io.penstock.engine.stream;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.engine.fault.ServiceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Computes the shards after splits and merges that all take place at one offset of the stream's log: parents end there,
 * children begin there. Used for one reshard.
 */
@OwnedBy(ThreadRole.HOLDER)
public final class Reshard {
    private final Map<Integer, Shard> shards = new HashMap<>();
    private final long offset;
    private final long now;
    private int nextShard;

    private Reshard(StreamMeta meta, long offset, long now) {
        meta.shards().forEach(shard -> shards.put(shard.index(), shard));
        this.nextShard = meta.nextShard();
        this.offset = offset;
        this.now = now;
    }

    /** A change of shards. {@link #apply} is called a second time with the final offset, after the log was sealed. */
    @FunctionalInterface
    public interface Plan {
        /**
         * The metadata after the change.
         *
         * @throws ServiceException if the stream's shards do not allow it
         */
        StreamMeta apply(StreamMeta meta, long offset, long now);
    }

    /** The shards of a new stream: equal parts of the range. */
    static List<Shard> initial(int count, long now) {
        List<Shard> initial = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            HashKey first = HashKey.startOfPart(i, count);
            HashKey last = i == count - 1
                    ? HashKey.MAX
                    : HashKey.startOfPart(i + 1, count).previous();
            initial.add(Shard.open(i, first, last, Shard.NONE, Shard.NONE, 0, now));
        }
        return initial;
    }

    /**
     * Splits and merges many shards at once.
     *
     * @param splits by shard: where its second part begins
     * @param merges by shard: the shard whose range follows and with which it is merged
     */
    public static Plan many(Map<Integer, HashKey> splits, Map<Integer, Integer> merges) {
        return (meta, offset, now) -> {
            Reshard reshard = new Reshard(meta, offset, now);
            // In order of index, so that equal plans make equal shards.
            new TreeMap<>(splits).forEach((index, start) -> reshard.splitOpen(index, start, meta));
            new TreeMap<>(merges).forEach((index, adjacent) -> reshard.mergeOpen(index, adjacent, meta));
            return reshard.result(meta);
        };
    }

    /** Splits one shard in two; the second begins at {@code start}. */
    public static Plan split(int index, HashKey start) {
        return (meta, offset, now) -> {
            Reshard reshard = new Reshard(meta, offset, now);
            reshard.splitOpen(index, start, meta);
            return reshard.result(meta);
        };
    }

    /** Merges two shards; the range of the second one follows that of the first one. */
    public static Plan merge(int index, int adjacent) {
        return (meta, offset, now) -> {
            Reshard reshard = new Reshard(meta, offset, now);
            reshard.mergeOpen(index, adjacent, meta);
            return reshard.result(meta);
        };
    }

    private void splitOpen(int index, HashKey start, StreamMeta meta) {
        Shard parent = open(index, meta);
        // Neither child may be empty; and as in the service, the second may not begin where the parent does.
        if (start.compareTo(parent.first().next()) <= 0 || start.compareTo(parent.last()) >= 0) {
            throw ServiceException.invalidArgument("NewStartingHashKey " + start + " used in SplitShard() on shard "
                    + parent.id() + " in stream " + meta.name() + " under account "
                    + meta.scope().account()
                    + " is not both greater than one plus the shard's StartingHashKey " + parent.first()
                    + " and less than the shard's EndingHashKey " + parent.last() + ".");
        }
        splitAt(parent, start);
    }

    private void mergeOpen(int index, int adjacent, StreamMeta meta) {
        Shard one = open(index, meta);
        Shard other = open(adjacent, meta);
        if (!follows(one, other)) {
            throw ServiceException.invalidArgument(
                    "Shards " + one.id() + " and " + other.id() + " in stream " + meta.name() + " under account "
                            + meta.scope().account() + " are not an adjacent pair of shards eligible for merging");
        }
        mergePair(one, other);
    }

    private static boolean follows(Shard one, Shard other) {
        return !one.last().equals(HashKey.MAX) && one.last().next().equals(other.first());
    }

    /**
     * Splits and merges until there are {@code target} shards of equal ranges. Some intermediate shards exist for no
     * time, as in the service.
     */
    public static Plan uniform(int target) {
        return (meta, offset, now) -> {
            Reshard reshard = new Reshard(meta, offset, now);
            List<Shard> wanted = initial(target, now);
            reshard.cutAtBoundaries(wanted);
            reshard.joinWithin(wanted);
            return reshard.result(meta);
        };
    }

    private void cutAtBoundaries(List<Shard> wanted) {
        List<HashKey> boundaries = wanted.stream().skip(1).map(Shard::first).toList();
        Deque<Shard> uncut = new ArrayDeque<>(openByRange());
        while (!uncut.isEmpty()) {
            Shard shard = uncut.pop();
            List<HashKey> inside = boundaries.stream()
                    .filter(key -> key.compareTo(shard.first()) > 0 && key.compareTo(shard.last()) <= 0)
                    .toList();
            if (!inside.isEmpty()) {
                // Split in the middle first: this gives the shortest chain of parents.
                splitAt(shard, inside.get(inside.size() / 2)).forEach(uncut::push);
            }
        }
    }

    private void joinWithin(List<Shard> wanted) {
        List<Shard> pieces = openByRange();
        int next = 0;
        for (Shard target : wanted) {
            Shard joined = pieces.get(next++);
            while (!joined.last().equals(target.last())) {
                joined = mergePair(joined, pieces.get(next++));
            }
        }
    }

    private List<Shard> openByRange() {
        return shards.values().stream()
                .filter(Shard::isOpen)
                .sorted(Comparator.comparing(Shard::first))
                .toList();
    }

    private Shard open(int index, StreamMeta meta) {
        Shard shard = shards.get(index);
        if (shard == null) {
            throw ServiceException.notFound("Could not find shard " + Shard.id(index) + " in stream " + meta.name()
                    + " under account " + meta.scope().account() + ".");
        }
        if (!shard.isOpen()) {
            throw ServiceException.invalidArgument(
                    "Shard " + shard.id() + " in stream " + meta.name() + " is closed already and takes no records.");
        }
        return shard;
    }

    private List<Shard> splitAt(Shard parent, HashKey start) {
        close(parent);
        return List.of(
                add(parent.first(), start.previous(), parent.index(), Shard.NONE),
                add(start, parent.last(), parent.index(), Shard.NONE));
    }

    private Shard mergePair(Shard one, Shard other) {
        close(one);
        close(other);
        boolean inOrder = one.first().compareTo(other.first()) < 0;
        return add(
                inOrder ? one.first() : other.first(), inOrder ? other.last() : one.last(), one.index(), other.index());
    }

    private void close(Shard shard) {
        shards.put(shard.index(), shard.closed(offset, now));
    }

    private Shard add(HashKey first, HashKey last, int parent, int adjacent) {
        Shard shard = Shard.open(nextShard++, first, last, parent, adjacent, offset, now);
        shards.put(shard.index(), shard);
        return shard;
    }

    private StreamMeta result(StreamMeta meta) {
        List<Shard> all = shards.values().stream()
                .sorted(Comparator.comparingInt(Shard::index))
                .toList();
        return meta.withShards(all, nextShard);
    }
}
