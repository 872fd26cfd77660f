package io.penstock.engine.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.penstock.engine.watch.Readers;

/** Who calls GetRecords, by the headers of the call. Stateless. */
final class ReaderName {
    private static final String CREDENTIAL = "Credential=";
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_AGENT = 256;

    private ReaderName() {}

    static Readers.Reader of(RequestHeaders headers) {
        return new Readers.Reader(
                Readers.Kind.POLLING,
                cut(accessKey(headers.get(HttpHeaderNames.AUTHORIZATION, "")), LONGEST_KEY),
                cut(headers.get(HttpHeaderNames.USER_AGENT, ""), LONGEST_AGENT));
    }

    /** The id of the key that signed, or seems to have signed; not the secret. */
    private static String accessKey(String authorization) {
        int at = authorization.indexOf(CREDENTIAL);
        int from = at + CREDENTIAL.length();
        int end = at < 0 ? -1 : authorization.indexOf('/', from);
        return end < 0 ? "" : authorization.substring(from, end);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
