package io.penstock.agent.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The Authorization header")
class CredentialsTest {
    private static Credentials of(String header) {
        return Credentials.of(RequestHeaders.of(HttpMethod.POST, "/", "authorization", header));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void hasAUserAndAPasswordThatMayHoldColonsAndMayBeEmpty() {
        Credentials.Basic basic = assertInstanceOf(
                Credentials.Basic.class, of("BASIC " + Base64.getEncoder().encodeToString(utf8("ä:b:c"))));
        assertEquals("ä", basic.user());
        assertArrayEquals(utf8("b:c"), basic.password());
        Credentials.Basic empty = assertInstanceOf(
                Credentials.Basic.class, of("Basic " + Base64.getEncoder().encodeToString(utf8("ä:"))));
        assertEquals(0, empty.password().length);
    }

    @Test
    void isNeverPrinted() {
        assertEquals("Bearer", of("Bearer secret").toString());
        assertFalse(of("Basic " + Base64.getEncoder().encodeToString(utf8("joe:secret")))
                .toString()
                .contains("secret"));
    }

    @Test
    void ofAnyContentIsReadOrRefusedWithoutRepeatingIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "Basic Bearer:=+/_-\t\"\\,%äAZaz09";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "Basic " : "");
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Credentials read = of(text.toString());
            if (read instanceof Credentials.Unreadable unreadable) {
                assertFalse(unreadable.why().contains("\""), "seed " + seed + ": " + text);
            }
        }
    }
}
