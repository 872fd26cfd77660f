package io.penstock.agent.log4j;

import io.netty.util.concurrent.EventExecutor;
import io.penstock.agent.metrics.Refusal;

/** Takes the lines of all connections. */
interface LineHandler {
    /** A new connection's taker. Called on {@code loop}, the connection's event loop. */
    Lines connected(EventExecutor loop, String peer);

    /** A connection of {@link #connected} has ended. */
    void disconnected(String peer);

    /** A line or a connection was refused; called on event loops. */
    void refused(Refusal reason, String peer, String detail);

    /** Lines are taken, but an operator has to hear {@code detail}; called on event loops. */
    void noticed(String peer, String detail);

    /** The lines of one connection. Called on its event loop; must not block. */
    interface Lines {
        /**
         * Takes one line without its end.
         *
         * @param bytes valid during the call only
         */
        void line(byte[] bytes, int from, int to);

        /**
         * All lines that have arrived were handed over.
         *
         * @param reader is told on the event loop how it goes on
         * @return whether more may be read at once; if not, {@code reader} will be told, once
         */
        boolean pause(Reader reader);
    }

    /** The reading side of a connection that was told to pause. */
    interface Reader {
        /** More may be read. */
        void resume();

        /** A defect stands in the way: the connection cannot go on. */
        void broken(Throwable defect);
    }
}
