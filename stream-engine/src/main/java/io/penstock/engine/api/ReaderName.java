package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.penstock.engine.auth.AccessKeyId;
import io.penstock.engine.watch.Readers;

/** Who calls GetRecords, by the headers of the call. Stateless. */
final class ReaderName {
    private static final int LONGEST_AGENT = 256;

    private ReaderName() {}

    static Readers.Reader of(RequestHeaders headers) {
        return new Readers.Reader(
                Readers.Kind.POLLING,
                AccessKeyId.of(headers.get(HttpHeaderNames.AUTHORIZATION, "")),
                cut(headers.get(HttpHeaderNames.USER_AGENT, ""), LONGEST_AGENT));
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
