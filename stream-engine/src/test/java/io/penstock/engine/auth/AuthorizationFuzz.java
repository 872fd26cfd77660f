package io.penstock.engine.auth;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must hold for any header {@code Authorization}. The entry of Jazzer, which {@code agent/bench/fuzz} runs;
 * {@link AuthorizationFuzzTest} tries some in each build.
 */
public final class AuthorizationFuzz {
    private static final Set<ErrorType> REFUSALS =
            Set.of(ErrorType.MISSING_AUTHENTICATION_TOKEN, ErrorType.INCOMPLETE_SIGNATURE);
    private static final RequestHeaders HEADERS =
            RequestHeaders.of(HttpMethod.POST, "/?b=%20&a", "x-amz-date", "20260102T030405Z", "x-odd", " a  b ");

    private AuthorizationFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        check(new String(data, StandardCharsets.ISO_8859_1));
    }

    /** Returns true if the header was taken. An exception other than a refusal is an error. */
    static boolean check(String header) {
        AuthorizationHeader taken;
        try {
            taken = AuthorizationHeader.parse(header);
        } catch (ServiceException refused) {
            if (!REFUSALS.contains(refused.type()) || refused.text().isEmpty()) {
                throw new AssertionError("refused with " + refused.type(), refused);
            }
            return false;
        }
        List<String> signed = taken.signedHeaders();
        if (!List.copyOf(new TreeSet<>(signed)).equals(signed) || signed.isEmpty()) {
            throw new AssertionError("signed headers out of order: " + signed);
        }
        if (taken.signature().length() != 64
                || taken.date().length() != 8
                || taken.accessKeyId().isEmpty()) {
            throw new AssertionError("taken: " + taken);
        }
        String text = CanonicalRequest.of(HEADERS, signed, "hash");
        if (!text.startsWith("POST\n/\na=&b=%20\n")) {
            throw new AssertionError(text);
        }
        return true;
    }
}
