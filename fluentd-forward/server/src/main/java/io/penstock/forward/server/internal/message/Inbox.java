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
    private final JsonScanner json;
    private MessageScanner scanner;
    private boolean takesJson;
    /** Of the message that stands first. */
    private boolean isJson;
    /** White space is skipped only behind a message in JSON: in msgpack it is numbers. */
    private boolean afterJson;

    private boolean held;

    /**
     * @param largest bytes of the largest message
     * @param takesJson whether a message may be JSON
     */
    public Inbox(
            ByteBufAllocator allocator,
            MemoryBudget.Account memory,
            int largest,
            MessageScanner scanner,
            boolean takesJson) {
        this.memory = memory;
        this.takesJson = takesJson;
        this.json = new JsonScanner(largest);
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
        while (afterJson && !input.isEmpty() && JsonToMsgpack.isSpace(input.array()[input.from()])) {
            input.consume(1);
        }
        if (input.isEmpty()) {
            return false;
        }
        int first = input.array()[input.from()] & 0xff;
        isJson = takesJson && first == '[';
        if (isJson) {
            return json.advance(input.array(), input.from(), input.to());
        }
        MessageReader.checkFirst(first, input.from());
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
        return isJson ? json.length() : scanner.length();
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
        input.consume(length());
        scanner.reset();
        json.reset();
        afterJson = isJson;
        isJson = false;
        held = false;
        while (!behindHeld.isEmpty()) {
            memory.release(behindHeld.element().readableBytes());
            input.append(behindHeld.remove());
        }
    }

    /** Holds what comes from here on against other limits; messages may be JSON. */
    public void scanWith(MessageScanner next) {
        scanner = next;
        takesJson = true;
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
