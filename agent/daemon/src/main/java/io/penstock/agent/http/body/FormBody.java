package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code application/x-www-form-urlencoded} with the events in one field, as Fluentd's HTTP input takes it: {@code
 * json}, {@code ndjson} or {@code msgpack}. The field {@code time} is told to the sink, other fields are passed over.
 * The value is decoded in its place in the body.
 */
final class FormBody implements BodyReader {
    private static final String REMEDY = "send one field json, ndjson or msgpack with the events, percent-encoded"
            + " (curl --data-urlencode), or name the body's type in Content-Type";

    /** A time of more characters is none. */
    private static final int MOST_TIME = 64;

    private final byte[] body;
    private final int end;
    private final RecordSink sink;

    /** Where the next field begins; behind the last one, past the end. */
    private int at;

    // Of the field whose value is being decoded.
    private int valueFrom = -1;
    private int written;
    private String name = "";

    private @Nullable BodyReader events;

    FormBody(byte[] body, int from, int to, RecordSink sink) {
        this.body = body;
        this.at = BrokenJson.pastMark(body, from, to);
        this.end = to;
        this.sink = sink;
    }

    @Override
    public boolean advance(int budget) throws Refused {
        if (at > end) {
            return finish(budget);
        }
        long pause = (long) at + budget;
        while (at <= end && at < pause) {
            if (valueFrom < 0) {
                beginField();
            } else {
                decode(pause);
            }
        }
        return false;
    }

    private boolean finish(int budget) throws Refused {
        if (events == null) {
            throw Refused.malformed("the form has no field json, ndjson or msgpack", REMEDY);
        }
        return events.advance(budget);
    }

    private void beginField() {
        int nameEnd = at;
        while (nameEnd < end && body[nameEnd] != '=' && body[nameEnd] != '&') {
            nameEnd++;
        }
        name = name(at, nameEnd);
        at = nameEnd + 1;
        if (nameEnd < end && body[nameEnd] == '=') {
            valueFrom = at;
            written = at;
        }
    }

    /** Only names that are as plain as those that count are of interest. */
    private String name(int from, int to) {
        return to - from > "msgpack".length() ? "" : new String(body, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private void decode(long pause) throws Refused {
        while (at < end && at < pause && body[at] != '&') {
            byte next = body[at++];
            if (next == '%') {
                next = (byte) (hex(at) << 4 | hex(at + 1));
                at += 2;
            } else if (next == '+') {
                next = ' ';
            }
            body[written++] = next;
        }
        if (at >= end || body[at] == '&') {
            at++;
            endField();
        }
    }

    private int hex(int index) throws Refused {
        int digit = index < end ? Character.digit(body[index], 16) : -1;
        if (digit < 0) {
            throw Refused.malformed("a percent sign in the form's field is not followed by two digits", REMEDY);
        }
        return digit;
    }

    private void endField() throws Refused {
        int from = valueFrom;
        valueFrom = -1;
        switch (name) {
            case "json" -> found(new JsonBody(body, from, written, sink));
            case "ndjson" -> found(new LinesBody(body, from, written, sink));
            case "msgpack" -> found(new MsgpackBody(body, from, written, sink));
            case "time" ->
                sink.formTime(new String(body, from, Math.min(written - from, MOST_TIME), StandardCharsets.ISO_8859_1));
            default -> {}
        }
    }

    private void found(BodyReader reader) throws Refused {
        if (events != null) {
            throw Refused.malformed("the form has more than one field with events", REMEDY);
        }
        events = reader;
    }
}
