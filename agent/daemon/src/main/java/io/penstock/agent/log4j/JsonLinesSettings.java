package io.penstock.agent.log4j;

import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.net.ConnectionBudget;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a {@link JsonLinesServer} listens on and how much it takes.
 *
 * @param listen the addresses to bind; port 0 binds any free port
 * @param maxConnections open at once; further ones are closed at once
 * @param maxLineBytes the longest line; a longer one is left out and counted, and the next line is taken again
 * @param connections counts the connections together with those of other servers
 * @param memory of lines that are not yet whole
 */
record JsonLinesSettings(
        List<InetSocketAddress> listen,
        int maxConnections,
        int maxLineBytes,
        ConnectionBudget connections,
        MemoryBudget.Account memory) {
    /** 1,024 connections, fewer in a small heap; lines of 2 MiB. */
    static JsonLinesSettings on(
            List<InetSocketAddress> listen, ConnectionBudget connections, MemoryBudget.Account memory) {
        long heap = Runtime.getRuntime().maxMemory();
        return new JsonLinesSettings(listen, (int) Math.min(1024, heap >> 17), 2 * 1024 * 1024, connections, memory);
    }

    JsonLinesSettings {
        listen = List.copyOf(listen);
        if (maxConnections < 1 || maxLineBytes < 16) {
            throw new IllegalArgumentException(
                    "limits out of range: connections " + maxConnections + ", bytes of a line " + maxLineBytes);
        }
    }
}
