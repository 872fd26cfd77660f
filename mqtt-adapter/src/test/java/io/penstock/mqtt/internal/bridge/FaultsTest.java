package io.penstock.mqtt.internal.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeFault.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Why a bridge has no connection")
class FaultsTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectTimeoutException("timed out: /10.0.0.1:1883"), Kind.UNREACHABLE),
                Arguments.of(new NoRouteToHostException("No route to host"), Kind.UNREACHABLE),
                Arguments.of(new SocketException("Network is unreachable"), Kind.UNREACHABLE),
                Arguments.of(new ConnectException("connect: No route to host"), Kind.UNREACHABLE),
                Arguments.of(new SslHandshakeTimeoutException("handshake timed out"), Kind.NO_ANSWER),
                Arguments.of(new ConnectException("Connection refused: /10.0.0.1:1883"), Kind.CONNECTION_REFUSED),
                Arguments.of(new UnknownHostException("broker"), Kind.NO_SUCH_HOST),
                Arguments.of(new NotSslRecordException("not an SSL/TLS record: 20"), Kind.TLS_FAILED),
                Arguments.of(new IOException("Connection reset by peer"), Kind.CONNECTION_LOST));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isSaidInWordsWithARemedyAndWithoutTheNameOfAClass(Exception failure, Kind kind) {
        for (Throwable each : new Throwable[] {failure, new IOException("java.io.IOException: wrapped", failure)}) {
            BridgeFault fault = Faults.of(each, "broker");
            if (each == failure || kind != Kind.CONNECTION_LOST) {
                assertEquals(kind, fault.kind());
            }
            assertFalse(fault.toString().contains("Exception"), fault.toString());
            assertTrue(fault.text().length() > 10, fault.text());
        }
    }
}
