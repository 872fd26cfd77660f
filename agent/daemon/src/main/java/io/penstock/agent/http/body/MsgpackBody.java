package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;
import io.penstock.forward.server.msgpack.BadMsgpackException;
import io.penstock.forward.server.msgpack.MsgpackEvents;

/** {@code application/msgpack}: maps, arrays of maps, and Fluent Bit's entries, one behind the other. */
final class MsgpackBody implements BodyReader {
    private final int from;
    private final RecordSink sink;
    private final MsgpackEvents events = new MsgpackEvents(JsonScanner.MAX_DEPTH);

    MsgpackBody(byte[] body, int from, int to, RecordSink sink) {
        this.from = from;
        this.sink = sink;
        events.begin(body, from, to);
    }

    @Override
    public boolean advance(int budget) throws Refused {
        long pause = (long) events.at() + budget;
        do {
            int before = events.at();
            if (!next()) {
                return true;
            }
            sink.event(events, events.at() - before);
        } while (events.at() < pause);
        return false;
    }

    private boolean next() throws Refused {
        try {
            return events.next();
        } catch (BadMsgpackException bad) {
            throw Refused.malformed(
                    "broken msgpack at byte " + (bad.at() - from) + ": " + bad.getMessage(),
                    "send a map, an array of maps, or maps one behind the other; nothing of this body was stored");
        }
    }
}
