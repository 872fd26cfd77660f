package io.penstock.agent.otlp;

import com.linecorp.armeria.common.HttpResponse;
import io.penstock.agent.auth.Identity;
import io.penstock.agent.http.answer.Refused;
import io.penstock.agent.http.post.LoopState;
import io.penstock.agent.http.post.Records;
import io.penstock.agent.http.post.Task;
import io.penstock.agent.metrics.SourceFacts;
import io.penstock.agent.record.JsonScanner;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import org.jspecify.annotations.Nullable;

/** One request with logs. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class LogsTask implements Task {
    private static final byte[] EMPTY_OBJECT = {'{', '}'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final LoopState loop;
    private final Answers answers;
    private final LogLimits limits;
    private final SourceFacts facts;
    private final Identity identity;
    private final String peer;
    private @Nullable LogRecords logs;

    LogsTask(LoopState loop, Answers answers, LogLimits limits, SourceFacts facts, Identity identity, String peer) {
        this.loop = loop;
        this.answers = answers;
        this.limits = limits;
        this.facts = facts;
        this.identity = identity;
        this.peer = peer;
    }

    @Override
    public String what() {
        return "OTLP logs";
    }

    /** A request without log records is a success (OTLP specification, Full Success), as is one without a byte. */
    @Override
    public boolean takesEmpty() {
        return true;
    }

    @Override
    public Records records(byte[] body, int length) throws Refused {
        boolean json = answers.encoding() == Encoding.JSON;
        LogRecords made = json && length == 0
                ? of(EMPTY_OBJECT, 0, EMPTY_OBJECT.length)
                : of(body, json ? startOfJson(body, length) : 0, length);
        logs = made;
        return made;
    }

    private LogRecords of(byte[] body, int from, int length) throws Refused {
        if (answers.encoding() == Encoding.JSON) {
            JsonScanner scanner = new JsonScanner();
            if (!scanner.isValue(body, from, length)) {
                throw Refused.malformed(
                        "the body is no JSON: at byte " + scanner.problemAt() + " " + scanner.problem(),
                        "send an ExportLogsServiceRequest of OTLP as JSON, or declare application/x-protobuf");
            }
        }
        return new LogRecords(loop, identity, body, from, length, answers.encoding(), limits);
    }

    private static int startOfJson(byte[] body, int length) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (i >= length || body[i] != BYTE_ORDER_MARK[i]) {
                return 0;
            }
        }
        return BYTE_ORDER_MARK.length;
    }

    @Override
    public HttpResponse stored(int records, int dropped) {
        if (logs == null) {
            return answers.stored().toHttpResponse();
        }
        Rejections rejections = logs.rejections();
        String message = message(rejections, logs.replaced(), dropped);
        rejections.counts().forEach(facts::refused);
        if (rejections.total() > 0) {
            facts.noticed(peer, "OTLP: " + rejections.inWords());
        }
        facts.textReplaced((int) Math.min(logs.replaced(), Integer.MAX_VALUE));
        return message.isEmpty()
                ? answers.stored().toHttpResponse()
                : answers.partlyStored((long) rejections.total() + dropped, message)
                        .toHttpResponse();
    }

    private static String message(Rejections rejections, long replaced, int dropped) {
        String message = rejections.inWords();
        if (dropped > 0) {
            message += (message.isEmpty() ? "" : "; ") + dropped
                    + " log records were dropped because the spool is full, as spool.when-full says";
        }
        if (replaced > 0) {
            message += (message.isEmpty() ? "" : "; ") + replaced
                    + " sequences of bytes were no UTF-8 and are stored as U+FFFD";
        }
        return message;
    }
}
