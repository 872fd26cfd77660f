package io.penstock.tools.tail;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which shards are to be read when: a child only after all of its parents that are read, so that the records of a key
 * stay in order across a reshard. Bounded by the stream's shards.
 */
@OwnedBy(ThreadRole.HOLDER)
final class ShardTree {
    private enum State {
        WAITING,
        READING,
        DONE
    }

    private final Map<String, State> states = new HashMap<>();
    private final Map<String, Set<String>> parents = new HashMap<>();

    /** A shard's place in the stream. */
    record Node(String id, Set<String> parents) {
        static Node of(String id, Stream<String> parents) {
            return new Node(id, parents.filter(parent -> !parent.isEmpty()).collect(Collectors.toUnmodifiableSet()));
        }
    }

    /** Takes note of a shard; one that is known already stays as it is. */
    void add(Node shard) {
        if (states.putIfAbsent(shard.id(), State.WAITING) == null) {
            parents.put(shard.id(), shard.parents());
        }
    }

    /** The shard is read to its end, or not at all. */
    void done(String shard) {
        states.put(shard, State.DONE);
    }

    /** The shards that can be begun now; they count as begun. */
    List<String> begin() {
        List<String> ready = new ArrayList<>();
        states.forEach((shard, state) -> {
            if (state == State.WAITING
                    && parents.getOrDefault(shard, Set.of()).stream().allMatch(this::isOver)) {
                ready.add(shard);
            }
        });
        ready.sort(null);
        ready.forEach(shard -> states.put(shard, State.READING));
        return ready;
    }

    private boolean isOver(String parent) {
        // A parent that the stream does not list any more has expired.
        return states.getOrDefault(parent, State.DONE) == State.DONE;
    }

    int reading() {
        return count(State.READING);
    }

    int waiting() {
        return count(State.WAITING);
    }

    private int count(State wanted) {
        return (int) states.values().stream().filter(state -> state == wanted).count();
    }
}
