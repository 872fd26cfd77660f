package io.penstock.base.condition;

import io.penstock.base.text.CauseText;
import io.penstock.base.text.OneLine;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Says in words why a call over the network got no answer: the cause chain of an exception of the JDK, of Netty or of
 * the AWS SDK. The words never hold the name of a class. Stateless.
 */
public final class NetworkFailure {
    /** The SDK reports that its pool had no connection in time as an exception with this message. */
    private static final String NO_CONNECTION = "Acquire operation took longer";

    private static final int DEEPEST = 20;

    private NetworkFailure() {}

    /**
     * @param server what was called, such as host and port
     * @param authority the key that names a trusted authority, such as {@code targets.plant.tls.ca}
     */
    public static Explanation of(Throwable failure, String server, String authority) {
        return known(failure, server, authority).orElseGet(() -> unknown(failure, server));
    }

    /** As {@link #of}; empty if the chain holds no failure of a network. */
    public static Optional<Explanation> known(Throwable failure, String server, String authority) {
        Explanation general = null;
        int depth = 0;
        // What is deeper is more precise, but for the certificate's cause, which is a chain of its own.
        for (Throwable each = failure; each != null && depth < DEEPEST; each = each.getCause(), depth++) {
            Optional<Explanation> precise = certificate(each, server, authority);
            if (precise.isPresent()) {
                return precise;
            }
            Explanation found = network(each, server);
            general = found == null ? general : found;
        }
        return Optional.ofNullable(general);
    }

    /** True if the failure shows that nothing was sent. */
    public static boolean neverSent(Explanation why) {
        return switch (why.name()) {
            case HOST_UNKNOWN, CONNECTION_REFUSED, UNREACHABLE, TLS_UNTRUSTED, TLS_WRONG_NAME, TLS_NOT_VALID_NOW ->
                true;
            default -> false;
        };
    }

    private static Optional<Explanation> certificate(Throwable each, String server, String authority) {
        String text = String.valueOf(each.getMessage());
        if (each instanceof CertificateExpiredException || each instanceof CertificateNotYetValidException) {
            return Optional.of(Explanation.of(
                    ConditionName.TLS_NOT_VALID_NOW,
                    "the certificate of " + server + " is not valid now, " + Instant.now()
                            + " by this machine's clock: " + OneLine.of(text)));
        }
        if (each instanceof CertificateException
                && (text.contains("No subject alternative")
                        || text.contains("No name matching")
                        || text.contains("doesn't match any of the subject alternative names"))) {
            return Optional.of(wrongName(server, text));
        }
        if (each instanceof SSLException && text.contains("doesn't match any of the subject alternative names")) {
            return Optional.of(wrongName(server, text));
        }
        boolean path = each instanceof CertPathBuilderException || each instanceof CertPathValidatorException;
        if (path && !(cause(each) instanceof CertificateException)) {
            return Optional.of(new Explanation(
                    ConditionName.TLS_UNTRUSTED,
                    "the certificate of " + server + " is signed by no authority that this machine trusts",
                    "name the file with the authority that signed it as " + authority
                            + "; if the network inspects TLS, that is the inspection's authority"));
        }
        return Optional.empty();
    }

    private static Explanation wrongName(String server, String text) {
        return Explanation.of(
                ConditionName.TLS_WRONG_NAME,
                "the certificate of " + server + " is for another name: " + OneLine.of(text));
    }

    private static Throwable cause(Throwable of) {
        return of.getCause() == null ? of : of.getCause();
    }

    @SuppressWarnings("NullAway") // a null answer means: not known
    private static Explanation network(Throwable each, String server) {
        String text = String.valueOf(each.getMessage());
        String lower = text.toLowerCase(Locale.ROOT);
        if (each instanceof UnknownHostException || each instanceof UnresolvedAddressException) {
            return Explanation.of(ConditionName.HOST_UNKNOWN, "there is no address for the host of " + server);
        }
        if (each instanceof NoRouteToHostException || lower.contains("unreachable") || lower.contains("no route")) {
            return Explanation.of(ConditionName.UNREACHABLE, "there is no route to " + server);
        }
        if (each instanceof ConnectException && !lower.contains("timed out") && !lower.contains("timeout")) {
            return Explanation.of(ConditionName.CONNECTION_REFUSED, server + " refuses the connection");
        }
        if (text.contains(NO_CONNECTION) || each instanceof ConnectException || lower.contains("connect timed out")) {
            return new Explanation(
                    ConditionName.UNREACHABLE,
                    "no connection to " + server + " came about in time: its name is not resolved, or its address does"
                            + " not answer",
                    ConditionName.UNREACHABLE.remedy());
        }
        if (lower.contains("handshake timed out") || lower.contains("handshake time")) {
            return Explanation.of(ConditionName.NO_ANSWER, server + " does not answer the TLS handshake");
        }
        if (each instanceof SSLException) {
            return ofTls(server, text, lower);
        }
        if (each instanceof TimeoutException
                || each instanceof SocketTimeoutException
                || lower.contains("read timed out")
                || lower.contains("timed out")) {
            return Explanation.of(
                    ConditionName.NO_ANSWER, server + " was called, and its whole answer did not come in time");
        }
        if (each instanceof ClosedChannelException
                || each instanceof EOFException
                || lower.contains("connection reset")
                || lower.contains("broken pipe")
                || lower.contains("connection was closed")
                || lower.contains("failed to respond")
                || lower.contains("connection has been closed")) {
            return Explanation.of(
                    ConditionName.CONNECTION_LOST,
                    "the connection to " + server + " ended before an answer was complete");
        }
        return null;
    }

    private static Explanation ofTls(String server, String text, String lower) {
        if (lower.contains("not an ssl/tls record") || lower.contains("plaintext connection")) {
            return new Explanation(
                    ConditionName.TLS_FAILED,
                    server + " does not speak TLS at this port",
                    "write http:// or the port where it speaks TLS; a proxy or login page may answer in its place");
        }
        if (lower.contains("fatal alert") || lower.contains("received fatal")) {
            return new Explanation(
                    ConditionName.TLS_FAILED,
                    server + " ends the TLS handshake: " + OneLine.of(text),
                    "compare the TLS versions, and whether the server asks for a certificate of its clients");
        }
        if (lower.contains("closed")) {
            return Explanation.of(
                    ConditionName.CONNECTION_LOST, server + " closed the connection during the TLS handshake");
        }
        return Explanation.of(
                ConditionName.TLS_FAILED, "TLS with " + server + " failed: " + CauseText.withoutClass(text));
    }

    private static Explanation unknown(Throwable failure, String server) {
        String call = "a call to " + server + " failed";
        boolean connection = false;
        int depth = 0;
        for (Throwable each = failure; each != null && depth < DEEPEST; each = each.getCause(), depth++) {
            connection |= each instanceof IOException;
        }
        return Explanation.of(
                connection ? ConditionName.CONNECTION_LOST : ConditionName.SERVICE_ERROR,
                CauseText.of(failure).map(text -> call + ": " + text).orElse(call + " without a reason"));
    }
}
