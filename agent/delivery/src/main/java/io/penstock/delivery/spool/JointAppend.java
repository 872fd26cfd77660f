package io.penstock.delivery.spool;

import io.penstock.journal.EntryBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * Appends blocks to several spools: to all of them, or to none. First every spool gives room, then all blocks are
 * stored; when one spool refuses, the room that the others gave is withdrawn. Any thread; no method blocks.
 *
 * <p>A crash may leave some of the blocks on disk and not the others, as long as none of their watermarks says that they
 * are durable.
 */
public final class JointAppend {
    private JointAppend() {}

    /** One block and its spool, which no other part has. The block has no marks. */
    public record Part(Spool spool, EntryBlock block) {}

    /** What came of it. */
    public sealed interface Result {}

    /** @param offsets of each part in turn, as {@link Spool#append} answers: an offset, or {@link Spool#DROPPED} */
    public record Stored(List<Long> offsets) implements Result {}

    /**
     * Nothing is stored.
     *
     * @param part the index of the one whose spool refused
     * @param refusal {@link Spool#FULL}, {@link Spool#FAILED} or {@link Spool#TOO_LARGE}
     */
    public record Refused(int part, long refusal) implements Result {}

    /** Spools are asked in the order of {@code parts}: those first that may refuse, because a withdrawal costs disk. */
    public static Result append(List<Part> parts) {
        List<SpoolClaim> claims = new ArrayList<>(parts.size());
        boolean complete = false;
        try {
            for (Part part : parts) {
                SpoolClaim claim = part.spool().claim(part.block());
                if (!claim.isTaken()) {
                    return new Refused(claims.size(), claim.offset());
                }
                claims.add(claim);
            }
            complete = true;
        } finally {
            claims.forEach(complete ? SpoolClaim::store : SpoolClaim::withdraw);
        }
        return new Stored(claims.stream().map(SpoolClaim::offset).toList());
    }
}
