package io.penstock.agent.http.post;

import io.penstock.agent.http.answer.Refused;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.delivery.spool.JointAppend;
import io.penstock.delivery.spool.Spool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt to store the blocks of a request, one for each stream: all of them, or none. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class Attempt {
    private final List<SpoolQueue> spools = new ArrayList<>();
    private final List<Filled> blocks;

    /** What came of it. */
    sealed interface Outcome {}

    /** Nothing is stored: {@code spool} has no room now. */
    record Crowded(SpoolQueue spool) implements Outcome {}

    /** Nothing is stored, and never will be. */
    record Never(SpoolQueue spool, long refusal) implements Outcome {}

    /** All is stored, or dropped as {@code when-full} says. */
    record Stored(List<Share> shares) implements Outcome {}

    /** @param offset as {@link Spool#append} answers */
    record Share(SpoolQueue spool, long offset, int records, long bytes) {}

    private Attempt(List<Filled> blocks) {
        this.blocks = blocks;
    }

    /** @param turn the spool that has called this request; where others wait for another spool, they come first */
    static Outcome store(LoopState loop, List<Filled> blocks, @Nullable SpoolQueue turn) throws Refused {
        Attempt attempt = new Attempt(blocks);
        for (Filled each : blocks) {
            attempt.spools.add(loop.spool(each.stream()));
        }
        return attempt.store(turn);
    }

    private Outcome store(@Nullable SpoolQueue turn) {
        for (SpoolQueue spool : spools) {
            if (spool.spool().refusal() == Spool.FAILED) {
                return new Never(spool, Spool.FAILED);
            }
        }
        for (SpoolQueue spool : spools) {
            if (spool != turn && spool.crowded()) {
                return new Crowded(spool);
            }
        }
        return blocks.size() == 1 ? alone() : together();
    }

    private Outcome alone() {
        long offset = spools.get(0).spool().append(blocks.get(0).block());
        return offset >= 0 || offset == Spool.DROPPED
                ? new Stored(List.of(share(0, offset)))
                : refused(spools.get(0), offset);
    }

    private Outcome together() {
        List<Integer> order = doubtfulFirst();
        List<JointAppend.Part> parts = new ArrayList<>(order.size());
        for (int i : order) {
            parts.add(new JointAppend.Part(spools.get(i).spool(), blocks.get(i).block()));
        }
        JointAppend.Result result = JointAppend.append(parts);
        if (result instanceof JointAppend.Refused refused) {
            return refused(spools.get(order.get(refused.part())), refused.refusal());
        }
        List<Long> offsets = ((JointAppend.Stored) result).offsets();
        List<Share> shares = new ArrayList<>(order.size());
        for (int i = 0; i < offsets.size(); i++) {
            shares.add(share(order.get(i), offsets.get(i)));
        }
        return new Stored(shares);
    }

    /** A spool that takes nothing as far as is known is asked first: then its refusal costs the others nothing. */
    private List<Integer> doubtfulFirst() {
        List<Integer> order = new ArrayList<>(spools.size());
        for (int i = 0; i < spools.size(); i++) {
            order.add(spools.get(i).spool().refusal() == 0 ? order.size() : 0, i);
        }
        return order;
    }

    private static Outcome refused(SpoolQueue spool, long refusal) {
        return refusal == Spool.FULL ? new Crowded(spool) : new Never(spool, refusal);
    }

    private Share share(int index, long offset) {
        Filled block = blocks.get(index);
        return new Share(spools.get(index), offset, block.block().count(), block.bytes());
    }
}
