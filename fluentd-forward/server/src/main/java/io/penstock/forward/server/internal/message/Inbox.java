package io.penstock.forward.server.internal.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.ThreadRole;
import io.penstock.forward.server.internal.msgpack.BadChunkException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a connection has sent and what is not taken yet, cut into messages. While a message is held its bytes stay where
 * they are, and what comes behind it waits.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
public final class Inbox {
    private final InputBuffer input;
    private final Queue<ByteBuf> behindHeld = new ArrayDeque<>();
    private final MemoryBudget.Account memory;
    private MessageScanner scanner;
    private boolean held;

    /** @param largest bytes of the largest message */
    public Inbox(ByteBufAllocator allocator, MemoryBudget.Account memory, int largest, MessageScanner scanner) {
        this.memory = memory;
        this.input = new InputBuffer(allocator, memory, largest);
        this.scanner = scanner;
    }

    /** Takes the bytes over. */
    public void add(ByteBuf bytes) {
        if (held) {
            memory.take(bytes.readableBytes());
            behindHeld.add(bytes);
        } else {
            input.append(bytes);
        }
    }

    public boolean isEmpty() {
        return input.isEmpty();
    }

    /** Whether a message is there whole. */
    public boolean hasMessage() throws BadChunkException {
        if (input.isEmpty()) {
            return false;
        }
        MessageReader.checkFirst(input.array()[input.from()] & 0xff, input.from());
        return scanner.advance(input.array(), input.from(), input.to());
    }

    /** True if a message may be here whole and no byte of it was scanned: then the reader tries without a scan. */
    public boolean isFresh() {
        return !input.isEmpty() && scanner.isFresh();
    }

    /** The reader has read the next message, which has {@code length} bytes. */
    public void complete(int length) {
        scanner.complete(length);
    }

    public byte[] array() {
        return input.array();
    }

    /** Index of the message's first byte. */
    public int from() {
        return input.from();
    }

    /** Index behind the last byte that has arrived. */
    public int to() {
        return input.to();
    }

    /** The message's bytes. */
    public int length() {
        return scanner.length();
    }

    /** The message's place in the connection's stream. */
    public long streamOffset() {
        return input.streamOffset();
    }

    /** The place in the connection's stream of the byte at {@code index}. */
    public long streamOffset(int index) {
        return input.streamOffset() + index - input.from();
    }

    /** The message stays until {@link #next}, and must not move. */
    public void hold() {
        held = true;
    }

    /** Drops the message. */
    public void next() {
        input.consume(scanner.length());
        scanner.reset();
        held = false;
        while (!behindHeld.isEmpty()) {
            memory.release(behindHeld.element().readableBytes());
            input.append(behindHeld.remove());
        }
    }

    /** Holds what comes from here on against other limits. */
    public void scanWith(MessageScanner next) {
        scanner = next;
    }

    /** Drops everything. */
    public void release() {
        input.release();
        behindHeld.forEach(bytes -> {
            memory.release(bytes.readableBytes());
            bytes.release();
        });
        behindHeld.clear();
    }
}
