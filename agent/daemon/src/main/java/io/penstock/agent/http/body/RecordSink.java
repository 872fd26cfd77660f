package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.forward.server.msgpack.MsgpackEvents;
import java.nio.charset.Charset;

/** Takes the records of one body, in order; what is handed over is valid during the call only. */
public interface RecordSink {
    /** One JSON object, checked: {@code body[from]} is its opening brace, {@code body[to - 1]} its closing one. */
    void object(byte[] body, int from, int to) throws Refused;

    /**
     * The event at which {@code events} stands.
     *
     * @param length of its msgpack
     */
    void event(MsgpackEvents events, int length) throws Refused;

    /** One text, unchecked. */
    void text(byte[] body, int length, Charset charset) throws Refused;

    /** One record of bytes that are stored as they are. */
    void bytes(byte[] body, int length) throws Refused;

    /** A form's field {@code time}, before the records of the form. */
    default void formTime(String value) {}
}
