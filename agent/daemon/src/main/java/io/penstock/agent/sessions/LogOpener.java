package io.penstock.agent.sessions;

import io.penstock.journal.DurableLog;
import io.penstock.journal.LogListener;
import java.io.IOException;

/** Opens the log of the sessions. */
interface LogOpener {
    /** Opens the log, or makes a new one. Blocks while it is recovered. */
    DurableLog open(LogListener listener) throws IOException;

    /** Puts the log aside, which must not be open, so that the next one is new. Returns where it is now. */
    String putAside() throws IOException;
}
