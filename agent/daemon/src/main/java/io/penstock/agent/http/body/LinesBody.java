package io.penstock.agent.http.body;

import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.record.JsonScanner;
import io.penstock.base.bytes.ByteSearch;

/** {@code application/x-ndjson}: a JSON object on each line, ended by LF or CR LF; blank lines are passed over. */
final class LinesBody implements BodyReader {
    private static final String REMEDY = "send a JSON object on each line; nothing of this body was stored";

    private final byte[] body;
    private final int end;
    private final RecordSink sink;
    private final JsonScanner scanner = new JsonScanner();
    private int at;
    private int line;
    private boolean any;

    LinesBody(byte[] body, int from, int to, RecordSink sink) {
        this.body = body;
        this.at = BrokenJson.pastMark(body, from, to);
        this.end = to;
        this.sink = sink;
    }

    @Override
    public boolean advance(int budget) throws Refused {
        long pause = (long) at + budget;
        do {
            int lineEnd = ByteSearch.indexOf(body, at, end, (byte) '\n');
            line++;
            read(at, lineEnd);
            at = lineEnd + 1;
        } while (at < end && at < pause);
        if (at < end) {
            return false;
        }
        if (!any) {
            throw Refused.malformed("the body has blank lines only", REMEDY);
        }
        return true;
    }

    private void read(int from, int to) throws Refused {
        int start = BrokenJson.pastSpace(body, from, to);
        if (start == to) {
            return;
        }
        int after = scanner.value(body, start, to);
        if (after < 0) {
            throw BrokenJson.refusal(scanner, body, from, line);
        }
        if (body[start] != '{') {
            throw Refused.malformed("line " + line + " is " + BrokenJson.describe(body[start]), REMEDY);
        }
        if (BrokenJson.pastSpace(body, after, to) < to) {
            throw Refused.malformed("something follows the object in line " + line, REMEDY);
        }
        any = true;
        sink.object(body, start, after);
    }
}
