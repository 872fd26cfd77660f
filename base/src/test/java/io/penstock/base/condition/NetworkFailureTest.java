package io.penstock.base.condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exceptions of a network in words. */
class NetworkFailureTest {
    private static Explanation of(Throwable failure) {
        return NetworkFailure.of(failure, "kinesis.example:443", "tls.ca of the target");
    }

    private static Throwable handshake(Throwable cause) {
        return new SSLHandshakeException(cause.toString()).initCause(cause);
    }

    private static Throwable path(CertificateException why) {
        return handshake(new CertificateException(
                "PKIX path validation failed", new CertPathValidatorException("validity check failed", why)));
    }

    static Stream<Arguments> failures() {
        String pool = "Acquire operation took longer than the configured maximum time. This indicates that a request"
                + " cannot get a connection from the pool within the specified maximum time. This can be due to high"
                + " request rate.";
        return Stream.of(
                Arguments.of(ConditionName.HOST_UNKNOWN, new UnknownHostException("kinesis.example")),
                Arguments.of(ConditionName.HOST_UNKNOWN, new UnresolvedAddressException()),
                Arguments.of(
                        ConditionName.HOST_UNKNOWN,
                        new CompletionException(
                                new IOException("unable", new UnknownHostException("kinesis.example")))),
                Arguments.of(ConditionName.CONNECTION_REFUSED, new ConnectException("Connection refused")),
                Arguments.of(
                        ConditionName.CONNECTION_REFUSED,
                        new ConnectException("finishConnect(..) failed: Connection refused: kinesis.example/1.2.3.4")),
                Arguments.of(ConditionName.UNREACHABLE, new ConnectException("connection timed out after 3000 ms")),
                Arguments.of(ConditionName.UNREACHABLE, new NoRouteToHostException("No route to host")),
                Arguments.of(ConditionName.UNREACHABLE, new SocketException("Network is unreachable")),
                Arguments.of(ConditionName.UNREACHABLE, new CompletionException(new Throwable(pool))),
                Arguments.of(ConditionName.TLS_UNTRUSTED, handshake(new CertPathBuilderException("unable to find"))),
                Arguments.of(
                        ConditionName.TLS_UNTRUSTED,
                        handshake(new CertPathValidatorException("Path does not chain with any of the trust anchors"))),
                Arguments.of(
                        ConditionName.TLS_NOT_VALID_NOW,
                        path(new CertificateExpiredException("NotAfter: Mon Nov 30 2020"))),
                Arguments.of(
                        ConditionName.TLS_NOT_VALID_NOW,
                        path(new CertificateNotYetValidException("NotBefore: Mon Nov 30 2026"))),
                Arguments.of(
                        ConditionName.TLS_WRONG_NAME,
                        handshake(new CertificateException("No subject alternative DNS name matching x found."))),
                Arguments.of(
                        ConditionName.TLS_WRONG_NAME,
                        new SSLException(
                                "Certificate for <x> doesn't match any of the subject alternative names: [y]")),
                Arguments.of(ConditionName.TLS_FAILED, new SSLException("not an SSL/TLS record: 48545450")),
                Arguments.of(
                        ConditionName.TLS_FAILED, new SSLHandshakeException("Received fatal alert: protocol_version")),
                Arguments.of(ConditionName.NO_ANSWER, new SSLException("handshake timed out after 5000ms")),
                Arguments.of(ConditionName.NO_ANSWER, new CompletionException(new TimeoutException())),
                Arguments.of(ConditionName.NO_ANSWER, new SocketTimeoutException("Read timed out")),
                Arguments.of(ConditionName.CONNECTION_LOST, new ClosedChannelException()),
                Arguments.of(ConditionName.CONNECTION_LOST, new EOFException()),
                Arguments.of(ConditionName.CONNECTION_LOST, new IOException("Connection reset by peer")),
                Arguments.of(
                        ConditionName.CONNECTION_LOST,
                        new IOException("The connection was closed during the request. The request will usually"
                                + " succeed on a retry")),
                Arguments.of(ConditionName.CONNECTION_LOST, new IOException("something new")),
                Arguments.of(ConditionName.SERVICE_ERROR, new IllegalStateException("something new")),
                Arguments.of(ConditionName.SERVICE_ERROR, new IllegalStateException()));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void eachFailureHasItsNameAndASentenceWithTheServerAndWithoutAClass(ConditionName name, Throwable failure) {
        Explanation why = of(failure);
        assertEquals(name, why.name(), why::text);
        assertTrue(why.sentence().contains("kinesis.example"), why::text);
        assertFalse(why.text().matches(".*\\b(java|javax|io|sun)\\..*"), why::text);
        assertFalse(why.text().matches(".*(Exception|Error|Throwable).*"), why::text);
        assertFalse(why.text().contains("high request rate"), why::text);
        assertFalse(why.text().contains("48545450"), why::text);
        assertTrue(why.advice().length() > 10, why::advice);
    }

    @Test
    void anUntrustedCertificateNamesTheKeyOfTheAuthority() {
        Explanation why = of(handshake(new CertPathBuilderException("unable to find valid certification path")));
        assertTrue(why.advice().contains("as tls.ca of the target"), why::advice);
    }

    @Test
    void aCertificateThatIsNotValidNowNamesTheTimeOfThisMachine() {
        Explanation why = of(path(new CertificateNotYetValidException("NotBefore: Mon Nov 30 2026")));
        assertTrue(why.sentence().matches(".*20\\d\\d-\\d\\d-\\d\\dT.* by this machine's clock.*"), why::sentence);
        assertTrue(why.advice().contains("clock"), why::advice);
    }

    @Test
    void aChainThatIsItsOwnCauseIsReadOnce() {
        Throwable first = new IllegalStateException("first");
        Throwable second = new IllegalStateException("second", first);
        first.initCause(second);
        assertEquals(ConditionName.SERVICE_ERROR, of(first).name());
    }
}
