package io.penstock.engine.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.penstock.base.net.ConnectionBudget;

/** Counts the connections of a server of Armeria together with those of other servers. */
public final class ConnectionGate {
    private ConnectionGate() {}

    /** Called for a connection that was just accepted: closes it when all servers together have too many. */
    public static void guard(ChannelPipeline pipeline, ConnectionBudget budget) {
        Channel channel = pipeline.channel();
        if (!budget.admit(channel) || budget.isOver()) {
            // Armeria is still setting the connection up.
            channel.eventLoop().execute(channel::close);
        }
    }
}
