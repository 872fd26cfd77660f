package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;

/**
 * Takes a body apart into records, a bit at a time: a large body must not keep its event loop from its other
 * connections.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public interface BodyReader {
    /**
     * Hands on records until {@code budget} bytes of the body have been read, and at least one record.
     *
     * @return whether the body is read to its end
     * @throws Refused when it is not what it is declared to be, naming the place
     */
    boolean advance(int budget) throws Refused;
}
