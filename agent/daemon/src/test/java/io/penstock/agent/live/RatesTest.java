package io.penstock.agent.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Scene scene = new Scene();
    private final Rates rates = new Rates();

    private Figures at(long seconds) {
        return rates.next(scene.reading(Duration.ofSeconds(seconds)), ProcessUse.now(), seconds * SECOND, Scene.START);
    }

    @Test
    void theFirstReadingHasNoRates() {
        scene.source("http", 1_000, 1, Map.of());
        scene.stream("orders").delivered = 500;
        assertEquals(0, at(5).totals().in());
        assertEquals(0, at(6).totals().out());
    }

    @Test
    void aRateIsTheDifferenceBySecond() {
        scene.source("http", 1_000, 1, Map.of("malformed", 3L));
        Scene.Stream orders = scene.stream("orders");
        at(0);
        scene.source("http", 1_040, 1, Map.of("malformed", 5L));
        orders.delivered = 30;
        orders.waiting = 10;
        orders.retried = 4;
        Figures now = at(2);
        assertEquals(20, now.totals().in());
        assertEquals(6_000, now.totals().inBytes());
        assertEquals(1, now.totals().refused());
        assertEquals(15, now.totals().out());
        assertEquals(2, now.totals().retried());
        assertEquals(20, now.streams().get(0).in());
        assertEquals(10, now.totals().waiting());
    }

    @Test
    void whatAnEarlierRunLeftIsNotARate() {
        at(0);
        scene.stream("late").waiting = 1_000_000;
        assertEquals(0, at(2).streams().get(0).in());
    }

    @Test
    void aCountThatFallsIsNotANegativeRate() {
        Scene.Stream orders = scene.stream("orders");
        orders.waiting = 100;
        at(0);
        orders.waiting = 90;
        assertEquals(0, at(2).streams().get(0).in());
    }
}
