package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;

/** {@code application/json}: an object is one record, an array of objects as many. */
final class JsonBody implements BodyReader {
    private static final String REMEDY = "send a JSON object, or an array of objects";

    private final byte[] body;
    private final int length;
    private final RecordSink sink;
    private final JsonScanner scanner = new JsonScanner();
    private int at;
    private boolean inArray;
    private long element;

    JsonBody(byte[] body, int length, RecordSink sink) {
        this.body = body;
        this.length = length;
        this.sink = sink;
    }

    @Override
    public boolean advance(int budget) throws Refused {
        if (!inArray) {
            space();
            if (at == length) {
                throw Refused.malformed("the body is blank", REMEDY);
            }
            if (body[at] != '[') {
                value("the body");
                return end();
            }
            at++;
            inArray = true;
        }
        long pause = (long) at + budget;
        do {
            space();
            if (element == 0 && at < length && body[at] == ']') {
                at++;
                return end();
            }
            element++;
            value("element " + element + " of the array");
            space();
            if (at < length && body[at] == ']') {
                at++;
                return end();
            }
            if (at == length || body[at] != ',') {
                throw Refused.malformed(
                        "broken JSON in " + place() + ": a comma or the array's closing bracket is missing", REMEDY);
            }
            at++;
        } while (at < pause);
        return false;
    }

    private void value(String what) throws Refused {
        int after = scanner.value(body, at, length);
        if (after < 0) {
            throw BrokenJson.refusal(scanner, body, 0, 1);
        }
        if (body[at] != '{') {
            throw Refused.malformed(what + " is " + BrokenJson.describe(body[at]) + " (" + place() + ")", REMEDY);
        }
        sink.object(body, at, after);
        at = after;
    }

    private boolean end() throws Refused {
        space();
        if (at < length) {
            throw Refused.malformed(
                    "something follows the JSON value in " + place(),
                    "send several objects as an array, or one per line as application/x-ndjson");
        }
        return true;
    }

    private void space() {
        at = BrokenJson.pastSpace(body, at, length);
    }

    private String place() {
        return BrokenJson.place(body, 0, at, 1);
    }
}
