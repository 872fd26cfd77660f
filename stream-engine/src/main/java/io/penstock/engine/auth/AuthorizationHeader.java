package io.penstock.engine.auth;

import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.util.List;

/**
 * The header {@code Authorization} of Signature Version 4:
 *
 * <pre>
 * AWS4-HMAC-SHA256 Credential=KEYID/20261130/us-east-1/kinesis/aws4_request, SignedHeaders=host;x-amz-date,
 * Signature=...
 * </pre>
 *
 * @param accessKeyId of the client
 * @param date of the scope, eight digits
 * @param signedHeaders in lower case, ascending
 * @param signature 64 hexadecimal digits in lower case
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">Signature Version 4</a>
 */
record AuthorizationHeader(
        String accessKeyId, String date, String region, String service, List<String> signedHeaders, String signature) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATOR = "aws4_request";

    private static final int LONGEST = 8 << 10;
    private static final int SCOPE_PARTS = 5;
    private static final int MOST_HEADERS = 100;

    /** @throws ServiceException that says what is missing */
    static AuthorizationHeader parse(String header) {
        if (header.isEmpty()) {
            throw new ServiceException(
                    ErrorType.MISSING_AUTHENTICATION_TOKEN, "Request is missing Authentication Token");
        }
        if (header.length() > LONGEST || !(header.startsWith(ALGORITHM + " ") || header.equals(ALGORITHM))) {
            throw incomplete("Unsupported AWS 'algorithm'. Only " + ALGORITHM + " is taken here.");
        }
        String credential = "";
        String signed = "";
        String signature = "";
        for (String part : header.substring(ALGORITHM.length()).split(",", -1)) {
            String trimmed = part.trim();
            if (trimmed.isEmpty()) {
                continue;
            }
            int equals = trimmed.indexOf('=');
            String value = equals < 0 ? "" : trimmed.substring(equals + 1).trim();
            switch (equals < 0 ? trimmed : trimmed.substring(0, equals)) {
                case "Credential" -> credential = value;
                case "SignedHeaders" -> signed = value;
                case "Signature" -> signature = value;
                default -> throw incomplete("Authorization header has a part that is not known.");
            }
        }
        StringBuilder missing = new StringBuilder();
        need(credential, "Credential", missing);
        need(signature, "Signature", missing);
        need(signed, "SignedHeaders", missing);
        if (missing.length() > 0) {
            throw incomplete(missing.toString().trim());
        }
        return of(credential, signed, signature);
    }

    private static void need(String value, String name, StringBuilder missing) {
        if (value.isEmpty()) {
            missing.append("Authorization header requires '").append(name).append("' parameter. ");
        }
    }

    private static AuthorizationHeader of(String credential, String signed, String signature) {
        String[] scope = credential.split("/", -1);
        if (scope.length != SCOPE_PARTS || scope[0].isEmpty() || !scope[1].matches("\\d{8}") || scope[2].isEmpty()) {
            throw incomplete("Credential must have exactly 5 slash-delimited elements, e.g."
                    + " keyid/date/region/service/term.");
        }
        if (!scope[SCOPE_PARTS - 1].equals(TERMINATOR)) {
            throw incomplete("Credential should be scoped with a valid terminator: '" + TERMINATOR + "'.");
        }
        List<String> headers = List.of(signed.split(";", -1));
        if (headers.size() > MOST_HEADERS) {
            throw incomplete("SignedHeaders names more than " + MOST_HEADERS + " headers.");
        }
        String before = "";
        for (String header : headers) {
            if (!header.matches("[a-z0-9_-]+|:authority") || header.compareTo(before) <= 0) {
                throw incomplete("SignedHeaders must be names in lower case, in ascending order, each once.");
            }
            before = header;
        }
        if (!signature.matches("[0-9a-f]{64}")) {
            throw incomplete("Signature must have 64 hexadecimal digits in lower case.");
        }
        return new AuthorizationHeader(scope[0], scope[1], scope[2], scope[3], headers, signature);
    }

    /** {@code date/region/service/aws4_request}. */
    String scope() {
        return date + "/" + region + "/" + service + "/" + TERMINATOR;
    }

    private static ServiceException incomplete(String what) {
        return new ServiceException(ErrorType.INCOMPLETE_SIGNATURE, what);
    }
}
