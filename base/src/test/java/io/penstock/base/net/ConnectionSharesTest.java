package io.penstock.base.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.base.net.ConnectionShares.Objection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionSharesTest {
    private final List<Channel> left = new ArrayList<>();
    private final ConnectionShares shares = new ConnectionShares(4, ConnectionBudget.unlimited(), left::add);

    private static Channel from(String address) {
        return new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 1);
            }
        };
    }

    private Channel silent(String address) {
        Channel connection = from(address);
        assertEquals("", shares.admit(connection).map(Objection::why).orElse(""));
        return connection;
    }

    private Channel talking(String address) {
        Channel connection = silent(address);
        shares.heard(connection);
        return connection;
    }

    private String refused(String address) {
        return shares.admit(from(address)).map(Objection::why).orElse("");
    }

    @Test
    void oneAddressHasHalfOfThemAndAnotherTheRest() {
        Channel first = talking("10.0.0.1");
        talking("10.0.0.1");
        assertEquals("this address has 2 connections already, half of the 4 of this listener", refused("10.0.0.1"));
        talking("10.0.0.2");
        talking("10.0.0.3");
        assertEquals("there are 4 connections already", refused("10.0.0.4"));
        first.close();
        talking("10.0.0.4");
        assertEquals(List.of(), left);
    }

    @Test
    void whereAllListenersTogetherHaveFewerOneAddressHasHalfOfThose() {
        ConnectionBudget few = ConnectionBudget.of(4, "raise the limit");
        ConnectionShares large = new ConnectionShares(1_000, few, left::add);
        for (int i = 0; i < 2; i++) {
            Channel connection = from("10.0.0.1");
            assertEquals(Optional.empty(), large.admit(connection));
            large.heard(connection);
        }
        String why = large.admit(from("10.0.0.1")).map(Objection::why).orElse("");
        assertTrue(why.contains("half of the 4 of all sources together"), why);
        assertTrue(why.endsWith("raise the limit"), why);
        assertEquals(Optional.empty(), new ConnectionShares(1_000, few, left::add).admit(from("10.0.0.2")));
    }

    @Test
    void aNetworkOfIpv6CountsAsOneAddress() {
        talking("2001:db8::1");
        talking("2001:db8::ffff:1");
        assertTrue(refused("2001:db8::2").contains("half"));
        talking("2001:db8:0:1::1");
    }

    @Test
    void thisMachineMayHaveThemAll() {
        for (int i = 0; i < 4; i++) {
            talking(i % 2 == 0 ? "127.0.0.1" : "::1");
        }
        assertEquals("there are 4 connections already", refused("127.0.0.1"));
    }

    @Test
    void theOldestSilentOneMakesRoom() {
        talking("127.0.0.1");
        Channel oldest = silent("127.0.0.1");
        Channel next = silent("127.0.0.1");
        talking("127.0.0.1");
        talking("10.0.0.1");
        talking("10.0.0.1");
        assertEquals(List.of(oldest, next), left);
        oldest.close();
        next.close();
        assertEquals("there are 4 connections already", refused("10.0.0.2"), "those that left count once");
    }

    @Test
    void anAddressWithItsShareMakesRoomAmongItsOwn() {
        silent("10.0.0.2");
        Channel own = silent("10.0.0.1");
        silent("10.0.0.1");
        silent("10.0.0.1");
        assertEquals(List.of(own), left);
    }

    @Test
    void ofProxiedConnectionsTheAddressInTheHeaderHasTheShare() {
        List<Channel> proxied = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Channel connection = from("10.0.0.9");
            assertEquals(Optional.empty(), shares.admitProxied(connection), "the proxy has no share");
            shares.heard(connection);
            proxied.add(connection);
        }
        assertEquals(Optional.empty(), comesFrom(proxied.get(0), "192.0.2.1"));
        assertEquals(Optional.empty(), comesFrom(proxied.get(1), "192.0.2.1"));
        assertEquals(
                "this address has 2 connections already, half of the 4 of this listener",
                comesFrom(proxied.get(2), "192.0.2.1").orElse(""));
        proxied.get(2).close();
        proxied.get(1).close();
        talking("192.0.2.1");
        assertTrue(refused("192.0.2.1").contains("half"));
        assertEquals(List.of(), left);
    }

    @Test
    void aProxiedConnectionTakesTheShareOfTheOldestSilentOneOfItsAddress() {
        Channel oldest = silent("192.0.2.1");
        silent("192.0.2.1");
        Channel proxied = from("10.0.0.9");
        assertEquals(Optional.empty(), shares.admitProxied(proxied));
        assertEquals(Optional.empty(), comesFrom(proxied, "192.0.2.1"));
        assertEquals(List.of(oldest), left);
    }

    @Test
    void aConnectionThatThisListenerRefusesTakesNoPlaceOfAnotherListener() {
        ConnectionBudget budget = ConnectionBudget.of(2, "");
        ConnectionShares small = new ConnectionShares(1, budget, left::add);
        ConnectionShares other = new ConnectionShares(4, budget, left::add);
        Channel talking = from("127.0.0.1");
        assertEquals(Optional.empty(), small.admit(talking));
        small.heard(talking);
        Channel silent = from("127.0.0.1");
        assertEquals(Optional.empty(), other.admit(silent));
        assertEquals(
                Optional.of(new Objection("there are 1 connections already", true)), small.admit(from("127.0.0.1")));
        assertEquals(List.of(), left);
    }

    @Test
    void oneListenerHasNoMoreThanAFewTold() {
        for (int i = 0; i < 4; i++) {
            talking("127.0.0.1");
        }
        List<Channel> told = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            told.add(from("127.0.0.1"));
            assertTrue(shares.admit(told.get(i)).orElseThrow().mayBeTold());
        }
        assertFalse(shares.admit(from("127.0.0.1")).orElseThrow().mayBeTold());
        told.get(0).close();
        assertTrue(shares.admit(from("127.0.0.1")).orElseThrow().mayBeTold());
    }

    private Optional<String> comesFrom(Channel connection, String address) {
        return shares.comesFrom(connection, new InetSocketAddress(address, 1)).map(Objection::why);
    }
}
