package io.penstock.agent.log4j;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import io.penstock.agent.metrics.Refusal;
import io.penstock.base.memory.MemoryBudget;
import io.penstock.base.memory.TransferPace;
import io.penstock.base.text.FailureText;
import io.penstock.base.thread.OwnedBy;
import io.penstock.base.thread.OwnerCheck;
import io.penstock.base.thread.ThreadRole;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection of JSON lines: cuts lines and hands them on; what came with one read goes to the spool together. While
 * the handler says so, nothing is read, and the kernel holds the sender back. There is no answer to anything.
 *
 * <p>Bounded by one line and one read; half lines of all connections by the memory given.
 */
@OwnedBy(ThreadRole.EVENT_LOOP)
@SuppressWarnings("FutureReturnValueIgnored") // closing is all that can be done
final class LineConnection extends ChannelInboundHandlerAdapter implements LineSplitter.Taker, LineHandler.Reader {
    private static final int ENOUGH_TO_TELL = 16;
    private static final int KEPT = 8 * 1024;
    private static final byte[] NONE = {};

    private final LineHandler handler;
    private final Channel channel;
    private final String peer;
    private final int maxLine;
    private final LineSplitter splitter;
    private final MemoryBudget.Account memory;
    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private LineHandler.@Nullable Lines lines;
    private byte[] heap = NONE;
    private boolean told;
    private boolean noticed;
    private boolean paused;
    private boolean finishing;
    private boolean finished;

    // Until the bytes show that they are lines.
    private byte[] first = new byte[ForeignProtocol.LONGEST];
    private int firstLength;
    private boolean begun;

    // For the half line at the end of what came.
    private long held;
    private @Nullable TransferPace halfLine;
    private @Nullable ScheduledFuture<?> looking;
    private boolean starved;

    LineConnection(LineHandler handler, Channel channel, String peer, int maxLine, MemoryBudget.Account memory) {
        this.handler = handler;
        this.channel = channel;
        this.peer = peer;
        this.maxLine = maxLine;
        this.splitter = new LineSplitter(maxLine);
        this.memory = memory;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (finished) {
            bytes.release();
        } else if (paused) {
            waiting.add(bytes);
        } else {
            take(bytes);
            // Counted after each read: one wake-up reads up to sixteen times, and all of it would be beyond the limit.
            count();
            updateReading();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        afterRead();
    }

    private void afterRead() {
        assert OwnerCheck.isOn(channel.eventLoop());
        if (!paused && lines != null && !lines.pause(this)) {
            paused = true;
        }
        count();
        updateReading();
    }

    private void updateReading() {
        channel.config().setAutoRead(!paused && !starved);
    }

    /** What is held of a line counts; while the memory of all is used up, one half line at a time goes on. */
    private void count() {
        assert OwnerCheck.isOn(channel.eventLoop());
        int half = finished ? 0 : splitter.heldBytes();
        if (finished || (heap.length > KEPT && memory.isSpent())) {
            heap = NONE;
        }
        long now = (long) half + heap.length;
        if (now > held) {
            memory.take(now - held);
        } else if (now < held) {
            memory.release(held - now);
        }
        held = now;
        if (half == 0) {
            halfLine = null;
            memory.settled(this);
        } else {
            starved = starved || !memory.mayGoOn(this, this::memoryFreed);
            watch();
        }
    }

    private void memoryFreed() {
        channel.eventLoop().execute(() -> {
            starved = false;
            afterRead();
        });
    }

    private void watch() {
        if (halfLine == null) {
            halfLine = new TransferPace(System.nanoTime());
        }
        if (looking == null) {
            looking = channel.eventLoop().schedule(this::look, 1, TimeUnit.SECONDS);
        }
    }

    /** A half line that does not come on is in the way of others only while memory is short. */
    private void look() {
        looking = null;
        TransferPace pace = halfLine;
        if (pace == null || finished) {
            return;
        }
        boolean crawls = pace.isTooSlow(System.nanoTime(), true);
        if (crawls && !paused && !starved && memory.isSpent()) {
            handler.refused(Refusal.TIMEOUT, peer, "the rest of a line does not come, and memory is short");
            channel.close();
        } else {
            watch();
        }
    }

    @Override
    public void broken(Throwable defect) {
        assert OwnerCheck.isOn(channel.eventLoop());
        channel.pipeline().fireExceptionCaught(defect);
    }

    @Override
    public void resume() {
        paused = false;
        while (!paused && !waiting.isEmpty()) {
            take(waiting.remove());
            afterRead();
        }
        if (!paused) {
            if (finishing) {
                finish();
            } else {
                updateReading();
            }
        }
    }

    private void take(ByteBuf bytes) {
        int count = bytes.readableBytes();
        if (heap.length < count) {
            heap = new byte[Math.max(count, KEPT)];
        }
        bytes.readBytes(heap, 0, count);
        bytes.release();
        if (halfLine != null) {
            halfLine.moved(count);
        }
        if (!finished) {
            if (begun) {
                split(heap, 0, count);
            } else if (count > 0) {
                begin(count);
            }
        }
    }

    /** Looks at the first bytes before anything is taken for a line. */
    private void begin(int count) {
        int held = firstLength;
        int added = Math.min(count, first.length - held);
        System.arraycopy(heap, 0, first, held, added);
        firstLength = held + added;
        Optional<String> foreign = ForeignProtocol.ofBytes(first, firstLength);
        if (foreign.isPresent()) {
            refuse(foreign.get());
        } else if (!ForeignProtocol.needsMore(first, firstLength)) {
            begun = true;
            split(first, 0, held);
            split(heap, 0, count);
            first = NONE;
        }
    }

    private void split(byte[] bytes, int from, int to) {
        splitter.split(bytes, from, to, this);
        if (!told && splitter.begunBytes() >= ENOUGH_TO_TELL) {
            tell(splitter.beginsForeign());
        }
    }

    /** Decides by the begin of the first line: false when the connection is refused. */
    private boolean tell(Optional<String> foreign) {
        told = true;
        foreign.ifPresent(this::refuse);
        return foreign.isEmpty();
    }

    private void refuse(String what) {
        finished = true;
        handler.refused(Refusal.UNSUPPORTED, peer, what);
        channel.close();
    }

    @Override
    public void line(byte[] bytes, int from, int to) {
        if (!finished && (told || tell(ForeignProtocol.ofLine(bytes, from, to)))) {
            if (!noticed) {
                Optional<String> notice = SplitEvents.in(bytes, from, to);
                notice.ifPresent(detail -> handler.noticed(peer, detail));
                noticed = notice.isPresent();
            }
            if (lines == null) {
                lines = handler.connected(channel.eventLoop(), peer);
            }
            lines.line(bytes, from, to);
        }
    }

    @Override
    public void tooLong() {
        told = true;
        handler.refused(
                Refusal.TOO_LARGE,
                peer,
                "a line longer than " + maxLine
                        + " bytes: it is left out; if it is many events, give the layout eventEol=\"true\"");
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finishing = true;
        if (!paused) {
            finish();
        }
    }

    private void finish() {
        if (!finished) {
            if (!begun) {
                split(first, 0, firstLength);
            }
            splitter.finish(this);
            finished = true;
            afterRead();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            boolean tls = cause.getCause() instanceof SSLException;
            handler.refused(
                    Refusal.MALFORMED,
                    peer,
                    tls
                            ? "no TLS connection: " + FailureText.ofTls(cause)
                            : "the connection failed: " + FailureText.ofFault(cause));
        }
        ctx.close();
    }
}
