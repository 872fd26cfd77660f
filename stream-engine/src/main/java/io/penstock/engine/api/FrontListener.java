package io.penstock.engine.api;

import io.penstock.engine.fault.ServiceException;
import java.net.SocketAddress;

/** Receives what becomes of the calls and connections of a Kinesis API. Called on any thread; must not block. */
public interface FrontListener {
    /** A call has succeeded. */
    void answered(String operation);

    /** A call was refused. */
    void refused(String operation, ServiceException refusal, String peer);

    /** A request was refused before its operation was known. */
    default void rejected(ServiceException refusal, String peer) {}

    /** A client was dropped because it did not read this: answer, subscription, connection. */
    void dropped(String unread, String peer);

    /** A connection was refused for lack of room, or closed to make room for another one. */
    void turnedAway(SocketAddress peer, String why);
}
