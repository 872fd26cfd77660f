package io.penstock.forward.server.internal.connection;

import io.penstock.forward.server.ChunkHandler;
import io.penstock.forward.server.Peer;
import io.penstock.forward.server.Receipt;
import io.penstock.forward.server.internal.message.MessageReader;
import io.penstock.forward.server.internal.message.Owed;
import io.penstock.forward.server.internal.message.ReceivedChunk;
import io.penstock.forward.server.internal.message.RecentChunks;
import java.util.List;
import java.util.Optional;

/**
 * Hands a connection's chunks to the handler, one after the other, and has their acknowledgements owed. Owned by the
 * connection's event loop.
 */
final class ChunkDispatcher {
    private final ServerContext server;
    private final MessageReader reader;
    private final OwedAcks owed;

    /** What takes the held chunk on; of any other chunk the handler itself. */
    private ChunkHandler next;

    private boolean held;
    private Optional<RecentChunks.Key> key = Optional.empty();

    ChunkDispatcher(ServerContext server, MessageReader reader, OwedAcks owed) {
        this.server = server;
        this.reader = reader;
        this.owed = owed;
        this.next = server.handler();
    }

    /** Offers the chunk that the reader has read from {@code bytes}, or goes on with the one that found no room. */
    Receipt offer(Peer peer, byte[] bytes, int from, int length) {
        ReceivedChunk chunk = reader.chunk();
        if (!held) {
            key = server.recent().key(peer, reader.options(), bytes, from, length);
            List<Owed> before = key.map(server.recent()::find).orElse(List.of());
            if (!before.isEmpty()) {
                server.events().recognised(peer, chunk.entries());
                owe(before);
                return Receipt.TAKEN;
            }
        }
        Receipt receipt = next.take(chunk);
        int replaced = chunk.json().takeReplaced();
        if (replaced > 0) {
            server.events().textReplaced(peer, replaced);
        }
        if (receipt instanceof Receipt.NoRoom noRoom) {
            if (!held) {
                server.events().held(peer);
            }
            held = true;
            next = noRoom.rest();
            return receipt;
        }
        held = false;
        next = server.handler();
        if (receipt == Receipt.TAKEN) {
            key.ifPresent(present -> server.recent().add(present, chunk.owed()));
            server.events().taken(peer, chunk.entries(), length);
            owe(chunk.owed());
        }
        return receipt;
    }

    private void owe(List<Owed> parts) {
        byte[] ack = reader.options().ack;
        if (ack.length > 0) {
            owed.add(parts, ack);
            owed.settle();
        } else {
            server.takenWithoutAck(reader.chunk().peer());
        }
    }
}
