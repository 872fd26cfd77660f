package io.penstock.agent.http.post;

import com.linecorp.armeria.common.HttpResponse;
import io.penstock.agent.http.answer.Refused;

/** What one request asks for, found in its head. Used on the request's event loop. */
public interface Task {
    /** What is posted to, for log lines: {@code stream 'orders'}. */
    String what();

    /** Whether a body without a byte is answered as stored; otherwise it is refused. */
    default boolean takesEmpty() {
        return false;
    }

    /**
     * Starts to make records of the unpacked body. Called once at the most.
     *
     * @param body {@code body[0, length)}, which does not change until the records are released; they may change it
     */
    Records records(byte[] body, int length) throws Refused;

    /** The answer when {@code records} are acknowledged, and {@code dropped} were dropped by a full spool. */
    HttpResponse stored(int records, int dropped);
}
