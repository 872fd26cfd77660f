package io.penstock.delivery.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whether a target's host has an address")
class AddressCheckTest {
    private static final String NAMELESS = "no-such-host.invalid";

    private final AddressCheck check = new AddressCheck();

    @Test
    void isAskedBeforeTheFirstCall() {
        assertFalse(check.isReached());
        assertInstanceOf(IOException.class, check.failure(NAMELESS).orElseThrow());
        assertEquals(Optional.empty(), check.failure("127.0.0.1"));
    }

    @Test
    void isNotAskedWhileCallsAreAnswered() {
        check.note(null);
        assertTrue(check.isReached());
        assertEquals(Optional.empty(), check.failure(NAMELESS));
    }

    @Test
    void isAskedAgainOnlyAfterACallWithoutAConnection() {
        check.note(null);
        check.note(new IOException("connection reset"));
        assertTrue(check.isReached());
        check.note(new ConnectException("connection timed out"));
        assertFalse(check.isReached());
        check.note(null);
        check.note(new UnknownHostException(NAMELESS));
        assertTrue(check.failure(NAMELESS).isPresent());
    }
}
