package io.penstock.base.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.base.net.ConnectionShares.Objection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionBudgetTest {
    private final ConnectionBudget budget = ConnectionBudget.of(2, "raise it");
    private final List<Channel> leftMqtt = new ArrayList<>();
    private final ConnectionShares mqtt = new ConnectionShares(100, budget, leftMqtt::add);
    private final List<Channel> leftHttp = new ArrayList<>();
    private final ConnectionShares http = new ConnectionShares(100, budget, leftHttp::add);

    private static Channel silent(ConnectionShares listener) {
        Channel connection = new EmbeddedChannel();
        assertEquals(Optional.empty(), listener.admit(connection));
        return connection;
    }

    private static Channel talking(ConnectionShares listener) {
        Channel connection = silent(listener);
        listener.heard(connection);
        return connection;
    }

    private Optional<Objection> objection(boolean mayBeTold) {
        return Optional.of(new Objection(budget.refusal(), mayBeTold));
    }

    @Test
    void aFewConnectionsBeyondTheBoundAreToldAndFurtherOnesAreNot() {
        Channel first = talking(mqtt);
        talking(http);
        List<Channel> told = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Channel connection = new EmbeddedChannel();
            assertEquals(objection(true), mqtt.admit(connection));
            told.add(connection);
        }
        assertEquals(objection(false), mqtt.admit(new EmbeddedChannel()));
        assertEquals(18, budget.open());
        told.forEach(Channel::close);
        assertEquals(2, budget.open());
        first.close();
        talking(mqtt);
        assertEquals(objection(true), http.admit(new EmbeddedChannel()));
    }

    @Test
    void theOldestSilentConnectionOfAnyListenerMakesRoom() {
        Channel oldest = silent(mqtt);
        Channel next = silent(http);
        talking(http);
        assertEquals(List.of(oldest), leftMqtt);
        talking(http);
        assertEquals(List.of(next), leftHttp);
        assertEquals(objection(true), mqtt.admit(new EmbeddedChannel()));
        assertEquals(5, budget.open(), "those that leave have their descriptors still");
        oldest.close();
        next.close();
        assertEquals(objection(true), mqtt.admit(new EmbeddedChannel()), "those that left count once");
    }

    @Test
    void noMoreThanAFewLeaveAtATime() {
        silent(mqtt);
        silent(mqtt);
        for (int i = 0; i < 16; i++) {
            silent(mqtt);
        }
        assertEquals(objection(false), mqtt.admit(new EmbeddedChannel()));
        assertEquals(16, leftMqtt.size());
        leftMqtt.get(0).close();
        silent(mqtt);
    }

    @Test
    void theRefusalNamesTheBoundAndTheRemedy() {
        assertEquals(
                "all sources together have 7 connections, as many as this process has descriptors for; raise it",
                ConnectionBudget.of(7, "raise it").refusal());
        assertThrows(IllegalArgumentException.class, () -> ConnectionBudget.of(0, ""));
    }

    @Test
    void withoutABoundNoneIsOver() {
        ConnectionShares free = new ConnectionShares(100, ConnectionBudget.unlimited(), leftMqtt::add);
        talking(free);
        talking(free);
    }
}
