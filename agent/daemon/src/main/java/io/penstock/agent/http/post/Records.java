package io.penstock.agent.http.post;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.body.BodyReader;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import java.util.List;

/** The records of one body, which its reader writes into blocks. */
@OwnedBy(ThreadRole.EVENT_LOOP)
public interface Records extends BodyReader {
    /** Bytes of memory that the blocks take by now. */
    long blockBytes();

    /**
     * The blocks, once the reader is at its end; those without records are left out. They are stored one after the
     * other, those whose spool takes nothing now first: when a later one finds no room, those before it stay stored,
     * and the request is refused for now.
     */
    List<Filled> filled() throws Refused;

    /** Gives the blocks back. Called once, at the end. */
    void release();
}
