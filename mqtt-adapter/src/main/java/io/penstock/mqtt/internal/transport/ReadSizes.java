package io.penstock.mqtt.internal.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.penstock.mqtt.internal.limits.ClientMemory;

/**
 * Chooses the size of a connection's reads: as much as it recently sent, but little while the memory for packets is
 * spent, so that thousands of connections cannot each fill a large buffer before their reading stops. Thread-safe.
 */
public final class ReadSizes implements RecvByteBufAllocator {
    private static final int LITTLE = 2048;
    private static final int READS_IN_A_ROW = 16;

    private final AdaptiveRecvByteBufAllocator usual = new AdaptiveRecvByteBufAllocator();
    private final ClientMemory memory;

    @SuppressWarnings("deprecation") // the number of reads is set only here
    public ReadSizes(ClientMemory memory) {
        this.memory = memory;
        usual.maxMessagesPerRead(READS_IN_A_ROW);
    }

    @Override
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new BoundedHandle((ExtendedHandle) usual.newHandle());
    }

    private final class BoundedHandle extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle usual;

        BoundedHandle(ExtendedHandle usual) {
            super(usual);
            this.usual = usual;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return memory.isSpent(ClientMemory.Use.PACKETS) ? allocator.ioBuffer(LITTLE) : usual.allocate(allocator);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return usual.continueReading(maybeMoreData);
        }
    }
}
