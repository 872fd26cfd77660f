package io.penstock.forward.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AddressTest {
    @Test
    void readsEveryUsualForm() {
        assertEquals(Address.of("logs", 24224), Address.parse("logs", 24224));
        assertEquals(Address.of("logs", 1), Address.parse(" logs:1 ", 24224));
        assertEquals(Address.of("::1", 24224), Address.parse("::1", 24224));
        assertEquals(Address.of("::1", 7), Address.parse("[::1]:7", 24224));
        assertEquals(Address.of("::1", 24224), Address.parse("[::1]", 24224));
        assertEquals("[::1]:7", Address.of("::1", 7).toString());
    }

    @Test
    void saysWhatIsWrong() {
        for (String wrong : new String[] {"", ":1", "logs:", "logs:x", "logs:0", "logs:65536", "[::1]7"}) {
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> Address.parse(wrong, 24224), wrong);
            assertTrue(error.getMessage().length() > 10);
        }
    }
}
