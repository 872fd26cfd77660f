package io.penstock.mqtt.internal.bridge;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.penstock.base.files.UnfitFileException;
import io.penstock.base.text.CauseText;
import io.penstock.base.text.FailureText;
import io.penstock.base.text.OneLine;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeFault.Kind;
import io.penstock.mqtt.internal.wire.PacketException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Says in words why a connection failed, and what to do. */
final class Faults {
    private Faults() {}

    /** What is behind an exception of the network, of TLS, of WebSocket or of the files. */
    static BridgeFault of(Throwable failure, String host) {
        if (failure instanceof UnfitFileException unfit) {
            return new BridgeFault(Kind.FILE_UNFIT, unfit.text(), "");
        }
        if (failure instanceof PacketException packet) {
            return new BridgeFault(
                    Kind.PROTOCOL_ERROR,
                    "the broker sent what is not MQTT or breaks a rule of it: " + OneLine.of(packet.text()),
                    "look whether the URL names a broker, and its scheme and port what the broker speaks there");
        }
        for (Throwable each = failure; each != null; each = each.getCause()) {
            BridgeFault known = known(each, host);
            if (known != null) {
                return known;
            }
        }
        if (failure instanceof SSLException && FailureText.ofTls(failure).contains("fatal alert")) {
            return new BridgeFault(
                    Kind.TLS_FAILED,
                    "the broker ends the TLS handshake: " + FailureText.ofTls(failure),
                    "if the broker wants a certificate of its clients, name one that it trusts as tls.certificate and"
                            + " tls.key");
        }
        if (failure instanceof SSLException) {
            return new BridgeFault(
                    Kind.TLS_FAILED,
                    "TLS failed: " + FailureText.ofTls(failure),
                    "compare tls: with what the broker asks for: a certificate of the bridge, a TLS version, ALPN");
        }
        return new BridgeFault(
                Kind.CONNECTION_LOST,
                failure instanceof IOException
                        ? "the connection was lost: " + CauseText.orUnknown(failure)
                        : "the connection was lost",
                "");
    }

    @SuppressWarnings("NullAway") // a null answer means: unknown
    private static BridgeFault known(Throwable failure, String host) {
        String text = String.valueOf(failure.getMessage());
        if (failure instanceof UnknownHostException) {
            return new BridgeFault(
                    Kind.NO_SUCH_HOST, "no such host: " + host, "correct the host in the URL, or look at DNS");
        }
        if (failure instanceof ConnectTimeoutException) {
            return new BridgeFault(
                    Kind.UNREACHABLE,
                    "no connection to " + host + " came about in time",
                    "look at route, firewall and network");
        }
        if (failure instanceof SslHandshakeTimeoutException) {
            return noAnswer("the broker does not answer the TLS handshake");
        }
        if (failure instanceof NoRouteToHostException) {
            return new BridgeFault(Kind.UNREACHABLE, "there is no route to " + host, "look at the network");
        }
        if (failure instanceof ConnectException || failure instanceof SocketException) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.contains("refused")) {
                return new BridgeFault(
                        Kind.CONNECTION_REFUSED,
                        "the connection was refused",
                        "look whether the broker runs and listens at this port, and at firewalls");
            }
            if (lower.contains("unreachable") || lower.contains("no route")) {
                return new BridgeFault(Kind.UNREACHABLE, "the network of " + host + " is unreachable", "look at it");
            }
        }
        if (failure instanceof NotSslRecordException) {
            return new BridgeFault(
                    Kind.TLS_FAILED,
                    "the broker does not speak TLS at this port",
                    "write mqtt:// or ws:// in the URL, or the port where the broker speaks TLS");
        }
        if (failure instanceof CertificateExpiredException || failure instanceof CertificateNotYetValidException) {
            return new BridgeFault(
                    Kind.NOT_VALID_NOW,
                    "the broker's certificate is not valid now: " + OneLine.of(text),
                    "look at this machine's clock, or let the broker's operator renew the certificate");
        }
        if (failure instanceof CertificateException
                && (text.contains("No subject alternative") || text.contains("No name matching"))) {
            return new BridgeFault(
                    Kind.WRONG_NAME,
                    "the broker's certificate has another name than the one called: " + OneLine.of(text),
                    "call the broker by a name in its certificate, or name it as tls.server-name");
        }
        boolean path = failure instanceof java.security.cert.CertPathBuilderException
                || failure instanceof java.security.cert.CertPathValidatorException;
        if (path && !(failure.getCause() instanceof CertificateException)) {
            return new BridgeFault(
                    Kind.NOT_TRUSTED,
                    "the broker's certificate is not signed by a trusted authority: " + OneLine.of(text),
                    "name the authority that signed it as tls.ca");
        }
        if (failure instanceof WebSocketClientHandshakeException || failure instanceof WebSocketHandshakeException) {
            return new BridgeFault(
                    Kind.WEBSOCKET_REFUSED,
                    "the WebSocket handshake failed: " + OneLine.of(text),
                    "compare the path of the URL with the broker's, often /mqtt or /");
        }
        return null;
    }

    static BridgeFault noAnswer(String what) {
        return new BridgeFault(Kind.NO_ANSWER, what, "look whether the broker is overloaded, and at the network");
    }

    /** The connection ended before the broker answered CONNECT, without a reason. */
    static BridgeFault closedEarly(boolean encrypted) {
        return new BridgeFault(
                Kind.CONNECTION_LOST,
                "the broker closed the connection instead of answering CONNECT",
                encrypted
                        ? "look at the broker's log: it may want a certificate of the bridge (tls.certificate and"
                                + " tls.key), or not take this client"
                        : "look at the broker's log: it may not take this client or its version, or expect TLS at this"
                                + " port (mqtts:// or wss://)");
    }

    /** The broker closed the connection without a reason. */
    static BridgeFault closed(boolean subscribing, int lately) {
        if (subscribing) {
            return new BridgeFault(
                    Kind.CONNECTION_LOST,
                    "the broker closed the connection when it was asked for the filters",
                    "look at the broker's log and its access rules: some brokers, such as AWS IoT Core, close when a"
                            + " filter is not permitted");
        }
        return new BridgeFault(
                Kind.CONNECTION_LOST,
                "the broker closed the connection",
                lately < 3
                        ? ""
                        : "if this repeats, look whether another client uses the same client identifier: a broker"
                                + " keeps one connection per identifier");
    }

    /** A CONNACK refused. */
    static BridgeFault refused(int code, boolean five, String reason, String reference) {
        String said = reason.isEmpty() ? "" : ", and says: " + OneLine.of(reason);
        int as5 = five
                ? code
                : switch (code) {
                    case 1 -> 0x84;
                    case 2 -> 0x85;
                    case 3 -> 0x88;
                    case 4 -> 0x86;
                    case 5 -> 0x87;
                    default -> 0x80;
                };
        return byCode(as5, "the broker refuses the connection: ", said, reference, code);
    }

    /** A DISCONNECT of the broker. */
    static BridgeFault disconnected(int code, String reason, String reference) {
        String said = reason.isEmpty() ? "" : ", and says: " + OneLine.of(reason);
        return byCode(code, "the broker ended the connection: ", said, reference, code);
    }

    private static BridgeFault byCode(int code, String start, String said, String reference, int raw) {
        return switch (code) {
            case 0x84 ->
                new BridgeFault(
                        Kind.VERSION_REFUSED,
                        start + "it does not speak this version of MQTT" + said,
                        "set version: 3.1.1, or 5");
            case 0x85 ->
                new BridgeFault(
                        Kind.CLIENT_ID_REFUSED,
                        start + "it does not accept the client identifier" + said,
                        "set client-id");
            case 0x86, 0x8C ->
                new BridgeFault(
                        Kind.BAD_CREDENTIALS,
                        start + "wrong user name or password" + said,
                        "correct user and password-file; the file is read again at the next connect");
            case 0x87 ->
                new BridgeFault(
                        Kind.NOT_AUTHORIZED,
                        start + "the bridge is not authorised" + said,
                        "allow the user, the client identifier or the certificate at the broker");
            case 0x8A ->
                new BridgeFault(Kind.NOT_AUTHORIZED, start + "the bridge is banned" + said, "look at the broker");
            case 0x88, 0x89, 0x8B, 0x97, 0x9F, 0x96 ->
                new BridgeFault(Kind.BROKER_UNAVAILABLE, start + unavailable(code) + said, "look at the broker");
            case 0x8E ->
                new BridgeFault(
                        Kind.TAKEN_OVER,
                        start + "another client connected with the same client identifier" + said,
                        "give each bridge a client-id of its own");
            case 0x9C, 0x9D ->
                new BridgeFault(
                        Kind.OTHER_SERVER,
                        start + "another server is to be used"
                                + (reference.isEmpty() ? "" : ": " + OneLine.of(reference)) + said,
                        "write that server into urls");
            default ->
                new BridgeFault(
                        Kind.PROTOCOL_ERROR,
                        start + String.format("code 0x%02X%s", raw, meaning(code)) + said,
                        "look at the broker's log");
        };
    }

    private static String unavailable(int code) {
        return switch (code) {
            case 0x88 -> "it is not available";
            case 0x89 -> "it is busy";
            case 0x8B -> "it stops";
            case 0x97 -> "a quota is used up";
            default -> "it takes connections or messages at a lower rate only";
        };
    }

    private static String meaning(int code) {
        return switch (code) {
            case 0x80 -> ", unspecified";
            case 0x81 -> ", malformed packet";
            case 0x82 -> ", protocol error";
            case 0x83 -> ", implementation specific";
            case 0x8D -> ", keep alive timeout";
            case 0x8F -> ", topic filter invalid";
            case 0x93 -> ", receive maximum exceeded";
            case 0x94 -> ", topic alias invalid";
            case 0x95 -> ", packet too large";
            case 0x98 -> ", administrative action";
            case 0x9E -> ", shared subscriptions not supported";
            case 0xA0 -> ", maximum connect time";
            case 0xA1 -> ", subscription identifiers not supported";
            case 0xA2 -> ", wildcard subscriptions not supported";
            default -> "";
        };
    }

    /** Why a SUBACK refuses a filter. */
    static String filter(int code, boolean five) {
        if (!five || code == 0x80) {
            return "the broker gives no reason; often the user may not subscribe to it";
        }
        return switch (code) {
            case 0x87 -> "the bridge is not authorised to subscribe to it";
            case 0x8F -> "the broker takes it for invalid";
            case 0x91 -> "the packet identifier is in use";
            case 0x97 -> "a quota of the broker is used up";
            case 0x9E -> "the broker has no shared subscriptions";
            case 0xA2 -> "the broker has no wildcard subscriptions";
            default -> String.format("code 0x%02X%s", code, meaning(code));
        };
    }

    static BridgeFault handlerFailed(RuntimeException bug) {
        return new BridgeFault(
                Kind.HANDLER_FAILED,
                "a publish could not be handled, because of a defect",
                "see the error in the log, and report it");
    }

    static BridgeFault storeFailed() {
        return new BridgeFault(
                Kind.STORE_FAILED,
                "the store failed; what was not acknowledged stays with the broker",
                "see the error of the store in the log");
    }

    static BridgeFault bug(Throwable failure) {
        return new BridgeFault(Kind.INTERNAL_ERROR, "a defect ended the connection", "see the log, and report it");
    }
}
