package io.penstock.forward.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.forward.server.internal.message.Inbox;
import io.penstock.forward.server.internal.message.MessageReader;
import io.penstock.forward.server.internal.message.MessageScanner;
import io.penstock.forward.server.internal.message.ReceivedChunk;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The reading half of a connection without a socket: bytes in, events out. */
final class Wire implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");

    final MemoryBudget.Account memory = MemoryBudget.of(Long.MAX_VALUE).account(1.0);
    final List<String> tags = new ArrayList<>();
    final List<String> sources = new ArrayList<>();
    final List<String> times = new ArrayList<>();
    final List<String> records = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    final List<String> signals = new ArrayList<>();
    final List<byte[]> acks = new ArrayList<>();
    int replaced;
    JsonDialect dialect = JsonDialect.PLAIN;

    private final ForwardSettings settings;
    private final Inbox inbox;
    private final MessageReader reader;

    Wire() {
        this(ForwardSettings.on());
    }

    Wire(ForwardSettings settings) {
        var allocator = ByteBufAllocator.DEFAULT;
        this.settings = settings;
        inbox = new Inbox(
                allocator, memory, settings.maxChunkBytes(), new MessageScanner(settings.maxChunkBytes()), true);
        reader = new MessageReader(
                ImmediateEventExecutor.INSTANCE,
                Peer.of(new InetSocketAddress("127.0.0.1", 9)),
                allocator,
                memory,
                this,
                settings,
                () -> NOW);
    }

    /** Hands over what one read brought. */
    void read(byte... bytes) throws BadChunkException {
        ByteBuf arrived = Unpooled.copiedBuffer(bytes);
        inbox.add(arrived);
        while (!inbox.isEmpty()) {
            int whole = inbox.isFresh()
                    ? reader.readWhole(inbox.array(), inbox.from(), inbox.to(), settings.maxChunkBytes())
                    : 0;
            if (whole > 0) {
                inbox.complete(whole);
                take(reader.chunk());
            } else if (!inbox.hasMessage()) {
                return;
            } else if (reader.read(inbox.array(), inbox.from(), inbox.from() + inbox.length())) {
                take(reader.chunk());
            }
            reader.release();
            inbox.next();
        }
    }

    private void take(ReceivedChunk chunk) {
        acks.add(reader.options().ack);
        signals.add(reader.options().otherSignal);
        sources.add(chunk.source());
        int entries = 0;
        GrowingBytes json = new GrowingBytes(64, GrowingBytes.UNBOUNDED);
        chunk.dialect(dialect);
        while (chunk.next()) {
            entries++;
            if (!chunk.fault().isEmpty()) {
                faults.add(chunk.fault() + " " + HexFormat.of().formatHex(chunk.entry()));
                continue;
            }
            json.clear();
            chunk.write(json);
            tags.add(chunk.tag());
            times.add(chunk.seconds() + "." + chunk.nanos());
            records.add(json.toString());
        }
        replaced += chunk.json().takeReplaced();
        if (entries != chunk.entries()) {
            throw new AssertionError(entries + " entries handed out, " + chunk.entries() + " announced");
        }
    }

    @Override
    public void close() {
        inbox.release();
        reader.close();
        if (memory.used() != 0) {
            throw new AssertionError(memory.used() + " bytes were not given back");
        }
    }
}
