package io.penstock.forward.client.appender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppenderSettingsTest {
    /** These concern an event, not the client. */
    private static final List<String> OF_EVENTS = List.of("tag");

    @Test
    void everySettingOfTheClientIsPartOfItsIdentity() throws Exception {
        for (Field field : AppenderSettings.class.getFields()) {
            if (!java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
                AppenderSettings settings = new AppenderSettings();
                settings.whenFull = WhenFull.BLOCK;
                String before = settings.identity("sut", "");
                field.set(settings, another(field.get(settings)));
                assertEquals(
                        OF_EVENTS.contains(field.getName()),
                        before.equals(settings.identity("sut", "")),
                        field.getName());
            }
        }
    }

    private static Object another(Object value) {
        if (value instanceof Integer) {
            return (Integer) value + 1;
        }
        if (value instanceof Long) {
            return (Long) value + 1;
        }
        return value instanceof WhenFull ? WhenFull.DROP : value + "other";
    }

    @Test
    void theIdentityTellsSecretsApartAndDoesNotRevealThem() {
        AppenderSettings one = new AppenderSettings();
        one.sharedKey = "very secret";
        one.password = "also secret";
        AppenderSettings two = new AppenderSettings();
        two.sharedKey = "other";
        assertNotEquals(one.identity("sut", ""), two.identity("sut", ""));
        assertFalse(one.identity("sut", "").contains("secret"));
    }

    @Test
    void aTagThatTheProtocolCannotCarryIsRefused() {
        AppenderSettings settings = new AppenderSettings();
        for (String tag : Arrays.asList("", "x".repeat(171))) {
            settings.tag = tag;
            String message = assertThrows(IllegalArgumentException.class, () -> settings.client("sut", null))
                    .getMessage();
            assertTrue(message.contains("tag has 1 to 170 characters"), message);
        }
    }

    @Test
    void aSpillFileThatIsNoPathIsRefused() {
        AppenderSettings settings = new AppenderSettings();
        settings.spillFile = "a\0b";
        String message = assertThrows(IllegalArgumentException.class, () -> settings.client("sut", null))
                .getMessage();
        assertTrue(message.startsWith("spillFile is no path: "), message);
    }
}
