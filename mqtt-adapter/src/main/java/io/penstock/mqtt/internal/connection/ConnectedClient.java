package io.penstock.mqtt.internal.connection;

import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.mqtt.MqttEvents;
import io.penstock.mqtt.internal.connect.Connect;
import io.penstock.mqtt.internal.limits.Holding;
import io.penstock.mqtt.internal.publish.PublishFlow;
import io.penstock.mqtt.internal.session.Session;
import io.penstock.mqtt.internal.session.SessionClaim;
import io.penstock.mqtt.internal.wire.Client;
import io.penstock.mqtt.internal.wire.Inbox;
import io.penstock.mqtt.internal.wire.Will;
import io.penstock.mqtt.internal.wire.WillMessage;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** An admitted client and its connection. */
@OwnedBy(ThreadRole.EVENT_LOOP)
final class ConnectedClient {
    private final Client client;
    private final SessionClaim claim;
    private final Session session;
    private final PublishFlow flow;
    private final boolean mayExtendSession;
    private final Holding state;
    private final @Nullable Will will;

    private ConnectedClient(
            Client client, Holding state, SessionClaim claim, Session session, PublishFlow flow, @Nullable Will will) {
        this.state = state;
        this.client = client;
        this.claim = claim;
        this.session = session;
        this.flow = flow;
        this.mayExtendSession = session.expirySeconds() > 0;
        this.will = will;
    }

    /** @param state accounts for the memory of its will and its user name */
    static ConnectedClient of(
            Client client, Connect connect, Holding state, SessionClaim claim, Session session, PublishFlow flow) {
        WillMessage will = connect.packet().will();
        return new ConnectedClient(
                client, state, claim, session, flow, will == null ? null : new Will(client, will, state));
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

    /** True if DISCONNECT may set a session expiry (MQTT 5 section 3.14.2.2.2): not if CONNECT had none. */
    boolean mayExtendSession() {
        return mayExtendSession;
    }

    /**
     * The connection has ended: pending acknowledgements are dropped, and held QoS 0 publishes are lost.
     *
     * @param withWill true if the will is to be published, because the client sent no normal DISCONNECT
     * @param untaken packets that were received and not processed
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
            claim.end(will);
        } else {
            state.release();
            claim.end(null);
        }
        events.disconnected(peer, client.id(), client.version());
    }
}
