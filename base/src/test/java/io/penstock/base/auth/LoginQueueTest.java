package io.penstock.base.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginQueueTest {
    private final List<String> run = new ArrayList<>();

    private boolean add(LoginQueue queue, String address, String name) {
        return queue.add(address, () -> run.add(name));
    }

    @Test
    void manyLoginsOfOneAddressDelayThoseOfOthersByOneEach() {
        LoginQueue queue = new LoginQueue(100);
        for (int i = 1; i <= 4; i++) {
            add(queue, "guesser", "guess " + i);
        }
        add(queue, "ann", "ann");
        add(queue, "bob", "bob 1");
        add(queue, "bob", "bob 2");
        for (int i = 0; i < 7; i++) {
            queue.runNext();
        }
        assertEquals(List.of("guess 1", "ann", "bob 1", "guess 2", "bob 2", "guess 3", "guess 4"), run);
    }

    @Test
    void noMoreWaitThanMay() {
        LoginQueue queue = new LoginQueue(2);
        assertTrue(add(queue, "a", "1"));
        assertTrue(add(queue, "b", "2"));
        assertFalse(add(queue, "c", "3"));
        queue.runNext();
        assertTrue(add(queue, "c", "4"));
        queue.runNext();
        queue.runNext();
        assertEquals(List.of("1", "2", "4"), run);
    }
}
