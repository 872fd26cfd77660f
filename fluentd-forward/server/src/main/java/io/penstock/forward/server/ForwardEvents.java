package io.penstock.forward.server;

/**
 * What happens on a server, fact by fact, for metrics. Called on event loops; must not block. Refusals are logged by
 * the server itself, with lines that grow rarer while an address repeats a reason.
 */
public interface ForwardEvents {
    /** Ignores all events. */
    ForwardEvents NONE = new ForwardEvents() {};

    /** A connection was accepted. */
    default void connected(Peer peer) {}

    /** A connection that was accepted has ended. */
    default void disconnected(Peer peer) {}

    /**
     * A chunk was taken whole.
     *
     * @param entries its events
     * @param bytes the message's size as it came
     */
    default void taken(Peer peer, int entries, int bytes) {}

    /** A chunk was taken whose sender asks for no acknowledgement. The server logs each address once. */
    default void withoutAck(Peer peer) {}

    /**
     * A chunk was recognised as one that was taken before: it is acknowledged like that one, and not stored again.
     *
     * @param entries its events
     */
    default void recognised(Peer peer, int entries) {}

    /**
     * A chunk that holds no logs is acknowledged and thrown away ({@link OtherSignals#DROP}).
     *
     * @param signal metrics, traces, blobs or profiles
     */
    default void droppedSignal(Peer peer, String signal) {}

    /** A chunk has to wait for room; its connection is held back. */
    default void held(Peer peer) {}

    /** An acknowledgement was written. */
    default void acknowledged(Peer peer) {}

    /**
     * A chunk or a connection was refused, and the connection closes.
     *
     * @param offset of the offending byte in the connection's stream
     * @param detail in words, for a log
     */
    default void refused(Peer peer, Refusal refusal, long offset, String detail) {}

    /**
     * Text that was no UTF-8 was mended.
     *
     * @param sequences how many sequences were replaced
     */
    default void textReplaced(Peer peer, int sequences) {}
}
