package io.penstock.engine.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IteratorTokenTest {
    private static final byte[] SECRET = {1, 2, 3};

    private final IteratorToken token = new IteratorToken("abcdefghij0123456789-xyz", 7, 1L << 40, 1_750_000_000_000L);

    @Test
    void theTextIsReadBack() {
        assertEquals(Optional.of(token), IteratorToken.read(token.encode(SECRET)));
        assertTrue(IteratorToken.isSigned(token.encode(SECRET), SECRET));
    }

    @Test
    void anyChangedByteBreaksTheSignature() {
        byte[] bytes = Base64.getDecoder().decode(token.encode(SECRET));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= 1;
            String changed = Base64.getEncoder().encodeToString(bytes);
            assertFalse(IteratorToken.isSigned(changed, SECRET), "byte " + i);
            bytes[i] ^= 1;
        }
    }

    @Test
    void anotherStreamsSecretDoesNotFit() {
        assertFalse(IteratorToken.isSigned(token.encode(SECRET), new byte[] {9}));
    }

    @Test
    void whatIsNoTokenIsNone() {
        assertEquals(Optional.empty(), IteratorToken.read("no base64!"));
        assertEquals(Optional.empty(), IteratorToken.read(""));
        assertEquals(Optional.empty(), IteratorToken.read("AAAA"));
    }
}
