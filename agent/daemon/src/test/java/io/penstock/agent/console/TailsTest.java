package io.penstock.agent.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

@DisplayName("The tails of the console")
class TailsTest {
    /** The test reads. */
    private final Tails tails = new Tails(Duration.ofDays(1));

    private ConsoleUnderTest console;

    @BeforeEach
    void start() throws IOException {
        console = new ConsoleUnderTest(Duration.ofMinutes(5));
        console.engine.createStream("s", 1);
    }

    @AfterEach
    void close() throws IOException {
        tails.close();
        console.close();
    }

    /** A browser that takes so many parts of the answer and no more; the head and the first event are two. */
    private static final class Browser implements Subscriber<HttpObject> {
        private final List<String> read = new CopyOnWriteArrayList<>();
        private final long takes;
        private volatile boolean ended;

        Browser(long takes) {
            this.takes = takes;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(takes);
        }

        @Override
        public void onNext(HttpObject part) {
            if (part instanceof HttpData data && data.toStringUtf8().startsWith("data: {\"records\"")) {
                read.add(data.toStringUtf8());
            }
        }

        @Override
        public void onError(Throwable failure) {
            ended = true;
        }

        @Override
        public void onComplete() {
            ended = true;
        }
    }

    private Browser open(long takes) {
        var stream = console.engine.view().streams().findById(console.id("s")).orElseThrow();
        HttpResponse answer = tails.open(new Tail(stream, console.engine.view().clock(), Tail.ALL, 0))
                .orElseThrow();
        Browser browser = new Browser(takes);
        answer.subscribe(browser, ImmediateEventExecutor.INSTANCE);
        return browser;
    }

    private void put(int times, int all) {
        console.put("s", "k", "x", times);
        var stream = console.engine.view().streams().findById(console.id("s")).orElseThrow();
        Awaitility.await().until(() -> stream.log().durableEnd() == all);
    }

    @Test
    void aBrowserThatDoesNotReadGetsOneEventHoldsBackNoOtherAndIsDropped() {
        Browser slow = open(2);
        Browser quick = open(Long.MAX_VALUE);
        int all = 0;
        for (int round = 0; round < 5; round++) {
            all += 10;
            put(10, all);
            tails.readAll();
            assertEquals(round + 1, quick.read.size(), "each turn brings the other one its records");
        }
        assertEquals(0, slow.read.size());
        for (int turn = 5; turn < Tails.PATIENCE; turn++) {
            tails.readAll();
        }
        assertEquals(2, tails.count(), "its patience is not yet over");
        tails.readAll();
        assertEquals(1, tails.count());
        assertTrue(!quick.ended);
    }

    @Test
    void aBrowserThatReadsAgainIsToldWhatItDidNotGet() {
        Browser late = open(2);
        put(10, 10);
        tails.readAll();
        put(Tail.MOST_RECORDS * 3, 10 + Tail.MOST_RECORDS * 3);
        tails.readAll();
        assertEquals(0, late.read.size());
        assertEquals(1, tails.count());
    }
}
