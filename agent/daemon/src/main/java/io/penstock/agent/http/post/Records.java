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
     * The blocks, once the reader is at its end, one for each stream; those without records are left out. All of them
     * are stored, or none.
     */
    List<Filled> filled() throws Refused;

    /** Gives the blocks back. Called once, at the end. */
    void release();
}
