package io.penstock.mqtt;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** An admitted client on its connection. One event loop. */
final class Member {
    private final Client client;
    private final Tenure tenure;
    private final Session session;
    private final PublishFlow flow;
    private final boolean mayExtendSession;
    private final Holding state;
    private final @Nullable Will will;

    private Member(
            Client client, Holding state, Tenure tenure, Session session, PublishFlow flow, @Nullable Will will) {
        this.state = state;
        this.client = client;
        this.tenure = tenure;
        this.session = session;
        this.flow = flow;
        this.mayExtendSession = session.expirySeconds() > 0;
        this.will = will;
    }

    /** @param state holds its will and its user name in memory */
    static Member of(Client client, Connect connect, Holding state, Tenure tenure, Session session, PublishFlow flow) {
        boolean hasWill = connect.packet().variableHeader().isWillFlag();
        return new Member(
                client, state, tenure, session, flow, hasWill ? Will.of(connect.packet(), client, state) : null);
    }

    Client client() {
        return client;
    }

    PublishFlow flow() {
        return flow;
    }

    Session session() {
        return session;
    }

    /** Whether DISCONNECT may set a session expiry (MQTT 5 section 3.14.2.2.2): not if CONNECT had none. */
    boolean mayExtendSession() {
        return mayExtendSession;
    }

    /**
     * The connection is gone: what is owed is forgotten, and QoS 0 publishes that were held are lost.
     *
     * @param withWill whether it went without the client's own good-bye
     * @param untaken what it sent and nobody took
     */
    void leave(boolean withWill, Inbox untaken, SocketAddress peer, MqttEvents events) {
        if (flow.isHeld()) {
            int lost = untaken.countQos0();
            if (lost > 0) {
                events.heldQos0Lost(lost);
            }
        }
        flow.close();
        if (withWill && will != null) {
            tenure.end(will);
        } else {
            state.release();
            tenure.end(null);
        }
        events.disconnected(peer, client.id(), client.version());
    }
}
