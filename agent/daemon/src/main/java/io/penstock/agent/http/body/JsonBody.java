package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;

/**
 * {@code application/json}: an object is one record, an array of objects as many. Several of either may stand one
 * behind
 * the other, with or without white space between them.
 */
final class JsonBody implements BodyReader {
    private static final String REMEDY = "send a JSON object, or an array of objects";

    private final byte[] body;
    private final int from;
    private final int end;
    private final RecordSink sink;
    private final JsonScanner scanner = new JsonScanner();
    private int at;
    private boolean any;
    private boolean inArray;
    private long element;

    JsonBody(byte[] body, int from, int to, RecordSink sink) {
        this.body = body;
        this.from = from;
        this.at = BrokenJson.pastMark(body, from, to);
        this.end = to;
        this.sink = sink;
    }

    @Override
    public boolean advance(int budget) throws Refused {
        long pause = (long) at + budget;
        do {
            space();
            if (inArray) {
                element();
            } else if (at == end) {
                if (!any) {
                    throw Refused.malformed("the body is blank", REMEDY);
                }
                return true;
            } else if (body[at] == '[') {
                at++;
                inArray = true;
                element = 0;
            } else {
                value(any ? "a value after the first" : "the body");
            }
            any = true;
        } while (at < pause);
        return false;
    }

    /** One element and the comma or bracket behind it; or the bracket of an array that is empty. */
    private void element() throws Refused {
        if (element > 0 || at == end || body[at] != ']') {
            element++;
            value("element " + element + " of the array");
            space();
        }
        if (at < end && body[at] == ']') {
            inArray = false;
        } else if (at == end || body[at] != ',') {
            throw Refused.malformed(
                    "broken JSON in " + place() + ": a comma or the array's closing bracket is missing", REMEDY);
        }
        at++;
    }

    private void value(String what) throws Refused {
        int after = scanner.value(body, at, end);
        if (after < 0) {
            throw BrokenJson.refusal(scanner, body, from, 1);
        }
        if (body[at] != '{') {
            throw Refused.malformed(what + " is " + BrokenJson.describe(body[at]) + " (" + place() + ")", REMEDY);
        }
        sink.object(body, at, after);
        at = after;
    }

    private void space() {
        at = BrokenJson.pastSpace(body, at, end);
    }

    private String place() {
        return BrokenJson.place(body, from, at, 1);
    }
}
