package io.penstock.mqtt;

import org.jspecify.annotations.Nullable;

/** An admitted client on its connection. One event loop. */
final class Member {
    private final Client client;
    private final Tenure tenure;
    private final Session session;
    private final PublishFlow flow;
    private final boolean keepsAlive;
    private final boolean mayExtendSession;
    private final @Nullable Will will;

    private Member(
            Client client, Tenure tenure, Session session, PublishFlow flow, Connect connect, @Nullable Will will) {
        this.client = client;
        this.tenure = tenure;
        this.session = session;
        this.flow = flow;
        this.keepsAlive = connect.keepAliveSeconds() > 0;
        this.mayExtendSession = session.expirySeconds() > 0;
        this.will = will;
    }

    static Member of(Client client, Connect connect, Tenure tenure, Session session, PublishFlow flow) {
        boolean hasWill = connect.packet().variableHeader().isWillFlag();
        return new Member(client, tenure, session, flow, connect, hasWill ? Will.of(connect.packet(), client) : null);
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

    /** Whether a keep alive holds. */
    boolean keepsAlive() {
        return keepsAlive;
    }

    /** Whether DISCONNECT may set a session expiry (MQTT 5 section 3.14.2.2.2): not if CONNECT had none. */
    boolean mayExtendSession() {
        return mayExtendSession;
    }

    /** The connection is gone; {@code withWill}: not by the client's own good-bye. */
    void end(boolean withWill) {
        tenure.end(withWill ? will : null);
    }
}
