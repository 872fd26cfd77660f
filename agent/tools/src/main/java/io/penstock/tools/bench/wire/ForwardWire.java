package io.penstock.tools.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * A forward client without shared key (Forward Protocol Specification v1). A record is {@code {"message": text}}; a
 * chunk's id says its slot.
 */
final class ForwardWire implements Wire {
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] CHUNK = ascii("chunk");
    private static final byte[] SIZE = ascii("size");
    private static final byte[] COMPRESSED = ascii("compressed");
    private static final byte[] GZIP = ascii("gzip");
    private static final int SLOT_DIGITS = 8;

    /** The string "ack" in msgpack. */
    private static final int ACK_KEY = 0xa361636b;

    private final ForwardLoad load;
    private final EventText text;
    private final int connection;
    private final byte[] tag;
    private final byte[] idPrefix;
    private final ByteBuf entries = Unpooled.buffer();

    ForwardWire(ForwardLoad load, EventText text, String run, int connection) {
        this.load = load;
        this.text = text;
        this.connection = connection;
        this.tag = load.tag().getBytes(StandardCharsets.UTF_8);
        this.idPrefix = ascii(run + "-" + connection + "-");
    }

    @Override
    public boolean greet(ByteBuf out) {
        return false;
    }

    @Override
    public void write(ByteBuf out, int slot, int first, int count) {
        long now = System.currentTimeMillis();
        boolean message = load.mode() == ForwardLoad.Mode.MESSAGE;
        MsgpackWriter.array(out, (message ? 3 : 2) + (options() > 0 ? 1 : 0));
        MsgpackWriter.string(out, tag);
        switch (load.mode()) {
            case MESSAGE -> event(out, now, first);
            case FORWARD -> {
                MsgpackWriter.array(out, count);
                events(out, now, first, count);
            }
            case PACKED -> {
                events(entries.clear(), now, first, count);
                MsgpackWriter.binary(out, entries.readableBytes());
                out.writeBytes(entries);
            }
            case GZIP -> {
                gzip(now, first, count);
                MsgpackWriter.binary(out, entries.readableBytes());
                out.writeBytes(entries);
            }
        }
        writeOptions(out, slot, count);
    }

    @Override
    public void read(ByteBuf in, Answers answers) {
        // {"ack": id}, where the id is the one that was sent.
        int length = 1 + 4 + idHead() + idPrefix.length + SLOT_DIGITS;
        while (in.readableBytes() >= length) {
            if (in.getUnsignedByte(in.readerIndex()) != 0x81 || in.getInt(in.readerIndex() + 1) != ACK_KEY) {
                answers.broken("an answer that is no acknowledgement");
                return;
            }
            int digits = in.readerIndex() + length - SLOT_DIGITS;
            int slot = 0;
            for (int i = 0; i < SLOT_DIGITS; i++) {
                slot = slot * 10 + in.getByte(digits + i) - '0';
            }
            in.skipBytes(length);
            answers.acknowledged(slot);
            answers.release(slot);
        }
        if (in.isReadable() && in.getUnsignedByte(in.readerIndex()) != 0x81) {
            boolean helo = in.getUnsignedByte(in.readerIndex()) == 0x92;
            answers.broken(
                    helo
                            ? "the server wants a shared key, which the bench has not"
                            : "an answer that is no acknowledgement");
        }
    }

    @Override
    public void farewell(ByteBuf out) {
        // The protocol has none.
    }

    private void events(ByteBuf out, long now, int first, int count) {
        for (int i = 0; i < count; i++) {
            MsgpackWriter.array(out, 2);
            event(out, now, first + i);
        }
    }

    private void event(ByteBuf out, long now, int sequence) {
        MsgpackWriter.eventTime(out, now);
        MsgpackWriter.smallMap(out, 1);
        MsgpackWriter.string(out, MESSAGE);
        MsgpackWriter.string(out, text.size());
        text.write(out, connection, sequence);
    }

    private void gzip(long now, int first, int count) {
        ByteBuf plain = Unpooled.buffer(count * (text.size() + 32));
        events(plain, now, first, count);
        entries.clear();
        try (GZIPOutputStream gzip = new GZIPOutputStream(new ByteBufOutputStream(entries))) {
            plain.readBytes(gzip, plain.readableBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int options() {
        boolean gzip = load.mode() == ForwardLoad.Mode.GZIP;
        boolean message = load.mode() == ForwardLoad.Mode.MESSAGE;
        return (load.ack() ? 1 : 0) + (gzip ? 1 : 0) + (message ? 0 : 1);
    }

    private void writeOptions(ByteBuf out, int slot, int count) {
        if (options() == 0) {
            return;
        }
        MsgpackWriter.smallMap(out, options());
        if (load.mode() != ForwardLoad.Mode.MESSAGE) {
            MsgpackWriter.string(out, SIZE);
            MsgpackWriter.unsigned(out, count);
        }
        if (load.mode() == ForwardLoad.Mode.GZIP) {
            MsgpackWriter.string(out, COMPRESSED);
            MsgpackWriter.string(out, GZIP);
        }
        if (load.ack()) {
            MsgpackWriter.string(out, CHUNK);
            MsgpackWriter.string(out, idPrefix.length + SLOT_DIGITS);
            out.writeBytes(idPrefix);
            int divisor = 10_000_000;
            for (int i = 0; i < SLOT_DIGITS; i++) {
                out.writeByte('0' + slot / divisor % 10);
                divisor /= 10;
            }
        }
    }

    /** How many bytes a msgpack string of the id's length has for its head. */
    private int idHead() {
        return idPrefix.length + SLOT_DIGITS < 32 ? 1 : 2;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
