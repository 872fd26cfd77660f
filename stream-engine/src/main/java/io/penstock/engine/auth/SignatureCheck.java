package io.penstock.engine.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.penstock.engine.fault.ErrorType;
import io.penstock.engine.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks that a call was signed with the secret of a known client (Signature Version 4): the signature, the date within
 * {@link #WINDOW} of this machine's clock, the hash of the body, and that the headers that decide what a call means are
 * signed. Signatures are compared in constant time, and an unknown access key costs what a known one costs.
 *
 * <p>Thread-safe; keeps at most {@value #MOST_KEYS} derived keys. Takes time in proportion to the body.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Signature
 *     Version 4, signing</a>
 */
public final class SignatureCheck {
    /** How far the date of a call may be from this machine's clock. */
    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final String SERVICE = "kinesis";
    private static final int MOST_KEYS = 1000;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String DATE_HEADER = "x-amz-date";
    private static final String HASH_HEADER = "x-amz-content-sha256";
    private static final String HMAC = "HmacSHA256";
    /** Stands in for the secret of a client that is not known. */
    private static final ClientKey UNKNOWN = new ClientKey("", "", "no client has this secret");

    private final ClientKeys clients;
    private final InstantSource clock;
    private final Cache<Scope, SecretKeySpec> derived =
            Caffeine.newBuilder().maximumSize(MOST_KEYS).build();

    /** What a signing key is derived from. */
    private record Scope(ClientKey client, String date, String region) {}

    public SignatureCheck(ClientKeys clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
    }

    /**
     * Checks one call, and returns the client that has signed it.
     *
     * @throws ServiceException with the service's code and words
     */
    public ClientKey check(RequestHeaders headers, byte[] body) {
        AuthorizationHeader given = AuthorizationHeader.parse(authorization(headers));
        if (!given.service().equals(SERVICE)) {
            throw invalid("Credential should be scoped to correct service: '" + SERVICE + "'.");
        }
        String date = date(headers, given);
        requireSigned(headers, given);
        String hash = hash(headers, body);
        ClientKey client = clients.find(given.accessKeyId()).orElse(UNKNOWN);
        String canonical = CanonicalRequest.of(headers, given.signedHeaders(), hash);
        String toSign = AuthorizationHeader.ALGORITHM + "\n" + date + "\n" + given.scope() + "\n"
                + sha256(canonical.getBytes(StandardCharsets.UTF_8));
        SecretKeySpec key = client.equals(UNKNOWN)
                ? derive(client, given)
                : derived.get(new Scope(client, given.date(), given.region()), scope -> derive(client, given));
        byte[] expected = hmac(key, toSign);
        boolean right = MessageDigest.isEqual(expected, HexFormat.of().parseHex(given.signature()));
        if (client.equals(UNKNOWN)) {
            throw new ServiceException(
                    ErrorType.UNRECOGNIZED_CLIENT, "The security token included in the request is invalid.");
        }
        if (!right) {
            throw invalid("The request signature we calculated does not match the signature you provided. Check your"
                    + " AWS Secret Access Key and signing method. Consult the service documentation for details.");
        }
        return client;
    }

    private static String authorization(RequestHeaders headers) {
        List<String> all = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        if (all.size() > 1) {
            throw new ServiceException(ErrorType.INCOMPLETE_SIGNATURE, "There are several Authorization headers.");
        }
        return all.isEmpty() ? "" : all.get(0);
    }

    private String date(RequestHeaders headers, AuthorizationHeader given) {
        String text = headers.get(DATE_HEADER, "");
        Instant signed;
        try {
            signed = LocalDateTime.parse(text, DATE).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException wrong) {
            throw new ServiceException(
                    ErrorType.INCOMPLETE_SIGNATURE,
                    "Authorization header requires existence of an 'X-Amz-Date' header, in the form"
                            + " yyyyMMddTHHmmssZ.");
        }
        if (!text.startsWith(given.date())) {
            throw invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
                    + given.date() + "' != '" + text.substring(0, given.date().length()) + "'.");
        }
        Instant now = clock.instant();
        if (signed.isBefore(now.minus(WINDOW))) {
            throw invalid("Signature expired: " + text + " is now earlier than " + DATE.format(now.minus(WINDOW)) + " ("
                    + DATE.format(now) + " - 5 min.)");
        }
        if (signed.isAfter(now.plus(WINDOW))) {
            throw invalid("Signature not yet current: " + text + " is still later than " + DATE.format(now.plus(WINDOW))
                    + " (" + DATE.format(now) + " + 5 min.)");
        }
        return text;
    }

    /** A header that is not signed could be changed on the way. */
    private static void requireSigned(RequestHeaders headers, AuthorizationHeader given) {
        for (String name : List.of("host", DATE_HEADER, "x-amz-target")) {
            boolean host = name.equals("host");
            boolean signed = given.signedHeaders().contains(name)
                    || host && given.signedHeaders().contains(CanonicalRequest.AUTHORITY);
            if ((host || headers.contains(name)) && !signed) {
                throw invalid("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
    }

    private static String hash(RequestHeaders headers, byte[] body) {
        String hash = sha256(body);
        String stated = headers.get(HASH_HEADER, hash);
        if (!stated.equals(hash)) {
            throw invalid("The provided '" + HASH_HEADER + "' header does not match what was computed.");
        }
        return hash;
    }

    private static SecretKeySpec derive(ClientKey client, AuthorizationHeader given) {
        byte[] secret = ("AWS4" + client.secret()).getBytes(StandardCharsets.UTF_8);
        byte[] key = hmac(new SecretKeySpec(secret, HMAC), given.date());
        for (String part : List.of(given.region(), given.service(), AuthorizationHeader.TERMINATOR)) {
            key = hmac(new SecretKeySpec(key, HMAC), part);
        }
        return new SecretKeySpec(key, HMAC);
    }

    private static byte[] hmac(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static ServiceException invalid(String why) {
        return new ServiceException(ErrorType.INVALID_SIGNATURE, why);
    }
}
