package io.penstock.tools.demo.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The leases of one application. Its workers renew them each second; those of a worker that does not are given to the
 * others, and shares are kept even. A shard is read once its parents are read to their end. Workers of the KCL keep their
 * leases in DynamoDB: here they only say what they hold. Thread-safe.
 */
public final class LeaseTable {
    /** A worker that has not renewed its leases for so long is taken for dead. */
    static final Duration EXPIRY = Duration.ofSeconds(3);

    private final LongSupplier nanos;
    private final Map<String, Long> seen = new TreeMap<>();
    private final Map<String, String> owners = new TreeMap<>();
    private final Map<String, String> progress = new LinkedHashMap<>();
    private final Set<String> ended = new HashSet<>();

    /** @param nanos a clock that only runs forward */
    public LeaseTable(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A worker is alive: what it may read now, of these shards. */
    public synchronized List<Lease> renew(String worker, Collection<ReadShard> shards) {
        alive(worker);
        Set<String> known = new HashSet<>();
        shards.forEach(shard -> known.add(shard.id()));
        List<String> readable = shards.stream()
                .filter(shard -> !ended.contains(shard.id()))
                .filter(shard ->
                        shard.parents().stream().allMatch(parent -> ended.contains(parent) || !known.contains(parent)))
                .map(ReadShard::id)
                .toList();
        owners.keySet().retainAll(readable);
        readable.forEach(shard -> {
            if (!owners.containsKey(shard)) {
                owners.put(shard, leastLoaded());
            }
        });
        String idle = leastLoaded();
        if (!idle.equals(worker) && held(worker).size() > held(idle).size() + 1) {
            owners.put(held(worker).get(0), idle);
        }
        return held(worker).stream()
                .map(shard -> new Lease(shard, progress.getOrDefault(shard, "")))
                .toList();
    }

    /** A worker of the KCL is alive, and holds the leases of these shards. */
    public synchronized void hold(String worker, Collection<String> shards) {
        alive(worker);
        owners.values().removeIf(worker::equals);
        shards.forEach(shard -> owners.put(shard, worker));
    }

    private void alive(String worker) {
        long now = nanos.getAsLong();
        seen.put(worker, now);
        seen.values().removeIf(at -> now - at > EXPIRY.toNanos());
        owners.values().removeIf(owner -> !seen.containsKey(owner));
    }

    /** The worker has counted the records of the shard up to that one; false if the lease is no longer its own. */
    public synchronized boolean counted(String worker, String shard, String after, boolean atEnd) {
        if (!worker.equals(owners.get(shard))) {
            return false;
        }
        if (!after.isEmpty()) {
            progress.put(shard, after);
        }
        if (atEnd) {
            ended.add(shard);
            owners.remove(shard);
        }
        return true;
    }

    private List<String> held(String worker) {
        List<String> held = new ArrayList<>();
        owners.forEach((shard, owner) -> {
            if (owner.equals(worker)) {
                held.add(shard);
            }
        });
        return held;
    }

    private String leastLoaded() {
        return seen.keySet().stream()
                .min(Comparator.comparingInt(each -> held(each).size()))
                .orElseThrow();
    }

    /** The living workers, and the shards that each reads. */
    public synchronized Map<String, List<String>> holders() {
        long now = nanos.getAsLong();
        Map<String, List<String>> holders = new TreeMap<>();
        seen.forEach((worker, at) -> {
            if (now - at <= EXPIRY.toNanos()) {
                holders.put(worker, held(worker));
            }
        });
        return holders;
    }
}
