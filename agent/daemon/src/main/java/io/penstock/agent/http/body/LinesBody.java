package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;

/** {@code application/x-ndjson}: a JSON object on each line, ended by LF or CR LF; blank lines are passed over. */
final class LinesBody implements BodyReader {
    private static final String REMEDY = "send a JSON object on each line; nothing of this body was stored";

    private final byte[] body;
    private final int length;
    private final RecordSink sink;
    private final JsonScanner scanner = new JsonScanner();
    private int at;
    private int line;
    private boolean any;

    LinesBody(byte[] body, int length, RecordSink sink) {
        this.body = body;
        this.length = length;
        this.sink = sink;
    }

    @Override
    public boolean advance(int budget) throws Refused {
        long pause = (long) at + budget;
        do {
            int end = at;
            while (end < length && body[end] != '\n') {
                end++;
            }
            line++;
            read(at, end);
            at = end + 1;
        } while (at < length && at < pause);
        if (at < length) {
            return false;
        }
        if (!any) {
            throw Refused.malformed("the body has blank lines only", REMEDY);
        }
        return true;
    }

    private void read(int from, int end) throws Refused {
        int start = BrokenJson.pastSpace(body, from, end);
        if (start == end) {
            return;
        }
        int after = scanner.value(body, start, end);
        if (after < 0) {
            throw BrokenJson.refusal(scanner, body, from, line);
        }
        if (body[start] != '{') {
            throw Refused.malformed("line " + line + " is " + BrokenJson.describe(body[start]), REMEDY);
        }
        if (BrokenJson.pastSpace(body, after, end) < end) {
            throw Refused.malformed("something follows the object in line " + line, REMEDY);
        }
        any = true;
        sink.object(body, start, after);
    }
}
